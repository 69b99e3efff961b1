"""One module per box of dvc.yaml: the only readers and writers of artifacts."""
