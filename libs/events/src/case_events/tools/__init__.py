"""Documents made from the contracts and the metrics, and the commands that write them."""
