"""Changes of the schema, one file each, named by date."""
