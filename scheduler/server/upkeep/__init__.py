"""What keeps a server in order: deleting what is past its retention, backups, and `giliran doctor`."""
