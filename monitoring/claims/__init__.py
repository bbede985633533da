"""Claims at scale: files in, Parquet by settlement month, tables out."""
