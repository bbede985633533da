"""Reading tables people send — CSV, gzip, workbook, zip of these — safely and in whatever encoding they come."""
