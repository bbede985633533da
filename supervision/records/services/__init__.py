"""Every write of this floor; pages, the API and steps call these."""

from .evidence import (
    add_evidence,
    download,
    judge_together,
    keep_upload,
    reject_evidence,
    transfer_evidence,
    verify_evidence,
)
from .paper import issue, issue_paper, reissue_paper, render_again, void_paper
from .serving import preview_service, record_service, serve

__all__ = [
    "add_evidence",
    "download",
    "issue",
    "issue_paper",
    "judge_together",
    "keep_upload",
    "preview_service",
    "record_service",
    "reissue_paper",
    "reject_evidence",
    "render_again",
    "serve",
    "transfer_evidence",
    "verify_evidence",
    "void_paper",
]
