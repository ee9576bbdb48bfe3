"""Jobs under torture: is one of them lost, ended twice or not told of?"""
