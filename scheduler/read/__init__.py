"""The sole readers: staff lists, policies, scenario folders, output folders."""
