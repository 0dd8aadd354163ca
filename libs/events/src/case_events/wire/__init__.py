"""Records as bytes: their form, their sealed personal part, and their signature."""
