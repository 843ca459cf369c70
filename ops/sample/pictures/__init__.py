"""Drawn pictures of the sample county: scenes, a plan and panoramas, each marked 示例. Same code, same bytes."""
