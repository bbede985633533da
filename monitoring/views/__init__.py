"""Pages of monitoring: load within the jurisdiction or 404, call one service, answer."""
