"""Official papers and workbooks out."""
