"""A deployment as it would go, on an AWS of this machine: does what was built start, answer, update and go?"""
