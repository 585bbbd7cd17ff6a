"""Uploaded files on their way into the register: received, checked in a dry run, confirmed by name, imported.

People move a file by `receiving` and `steps`, the worker by `work` and `retention`. `preview` reads its first rows.
Files lie in `settings.UPLOAD_FOLDER`, for the web and the worker alone, and no longer than `UPLOAD_LIFETIME`.
"""
