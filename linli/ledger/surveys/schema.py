"""Tables of surveys: what is asked, and each account's answers."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, String, Table

from linli.ledger.database import MomentText, metadata

survey = Table(
    "survey",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("scope", String(48), ForeignKey("org.id"), nullable=False, index=True),
    Column("title", String, nullable=False),
    Column("opens", String(10), nullable=False),
    Column("closes", String(10), nullable=False),
    Column("made_by", String(64), nullable=False),
    Column("made_at", MomentText, nullable=False),
    Column("released_at", MomentText),
    CheckConstraint("opens <= closes", name="survey_has_time"),
)
"""Answered by the people of `scope`, a community or a street, from the day `opens` to the day
`closes`, both included. Without `released_at` it is still being made."""

survey_question = Table(
    "survey_question",
    metadata,
    Column("survey", String(16), ForeignKey("survey.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(8), nullable=False),
    Column("words", String, nullable=False),
    Column("choices", String, nullable=False),
    Column("item", String),
    CheckConstraint("kind IN ('single', 'multiple', 'scale', 'text')", name="question_kind"),
)
"""`choices` is a JSON list; `item` the code in the points standard that is asked about."""

survey_reply = Table(
    "survey_reply",
    metadata,
    Column("survey", String(16), ForeignKey("survey.id"), primary_key=True),
    Column("account", String, ForeignKey("holder.account"), primary_key=True),
    Column("answers", String, nullable=False),
    Column("at", MomentText, nullable=False),
)
"""`answers` is a JSON object from the number of a question to what was said. The last one of an
account replaces those before."""
