"""The national rule library: workbooks of many layouts in, knowledge points out."""
