"""Lists taken out as files (xuất): the rows that a list shows, in Excel, CSV, Word or on paper."""
