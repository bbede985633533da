"""`make screens`: the pictures of docs/screens, taken anew of the demo city that `make run` is showing."""
