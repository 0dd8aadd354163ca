"""New cases: their form, and the way of the form to intake."""
