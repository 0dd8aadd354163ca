"""The effect handlers of notify: mail by SMTP, and webhooks by HTTP."""
