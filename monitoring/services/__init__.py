"""Every write of monitoring, by subject: imports, library, rules, screening, alerts."""
