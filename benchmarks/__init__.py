"""What `make bench` measures: each module here has `TITLE`, `NOTE` and `measure() -> list[Row]`."""
