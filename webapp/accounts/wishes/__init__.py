"""Which mails a Person wants from the app; what becomes of that is the outbox's business."""
