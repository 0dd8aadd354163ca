"""The pure domain of notify: the notification state of a case, recipients, texts and addresses."""
