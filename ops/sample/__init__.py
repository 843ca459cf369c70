"""The sample county 象山: true outline and coast, invented plots and firms, all marked 示例. Deterministic."""
