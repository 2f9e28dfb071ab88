"""Measurements that print their figures and their baselines in one run."""
