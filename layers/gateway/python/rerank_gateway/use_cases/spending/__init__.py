"""Limits are kept: what a request may use is reserved before anyone is asked, and settled afterwards."""
