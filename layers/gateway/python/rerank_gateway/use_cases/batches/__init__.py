"""A batch's life: submitted, validated, worked through chunk by chunk, its results written together; and its files."""
