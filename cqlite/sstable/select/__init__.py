"""Rows of an SSTable by a plan: what is wanted, and the engines that find it."""
