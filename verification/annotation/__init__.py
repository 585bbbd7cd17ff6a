"""What a machine read on photos, beside the register: kept, compared and shown. It never approves or rejects."""
