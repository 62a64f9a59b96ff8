"""The lessons, one file each; their names and order stand in minigpt.teach.lesson."""
