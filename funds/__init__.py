"""Floor 4: money - receivables and receipts by fund and route."""
