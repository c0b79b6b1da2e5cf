"""Topics as they are typed: one field for each side, separated by commas."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Form, StringField, ValidationError

from webapp.core.fields import clean
from webapp.topics.rules import (
    LONGEST_TOPIC,
    MOST_TOPICS,
    SHORTEST_TOPIC,
    OwnTopics,
    has_good_length,
    topics_in,
)


class TopicsForm(Form):
    """What I can be asked about, what I look for, and whether I want to be suggested."""

    offers = StringField(_l("Ask me about"), filters=[clean])
    seeks = StringField(_l("I am looking for"), filters=[clean])
    is_looking = BooleanField(_l("Suggest me to others at this event, and others to me"))

    def validate_offers(self, field: StringField) -> None:
        """Take a few short topics."""
        topics = topics_in(field.data or "")
        if len(topics) > MOST_TOPICS:
            raise ValidationError(
                _l("%(most)s topics are enough. Keep those you like best.", most=MOST_TOPICS)
            )
        for topic in topics:
            if not has_good_length(topic):
                # Not lazily: lazy text is printed unescaped, and this holds what was typed.
                raise ValidationError(
                    _(
                        "A topic has %(least)s to %(most)s characters: %(topic)s",
                        least=SHORTEST_TOPIC,
                        most=LONGEST_TOPIC,
                        topic=topic.text,
                    )
                )

    validate_seeks = validate_offers

    def said(self) -> OwnTopics:
        """Return what was typed and ticked."""
        return OwnTopics(
            offers=tuple(topics_in(self.offers.data or "")),
            seeks=tuple(topics_in(self.seeks.data or "")),
            is_looking=bool(self.is_looking.data),
        )


def form_of(own: OwnTopics) -> TopicsForm:
    """Return the form with what was kept."""
    return TopicsForm(
        data={
            "offers": ", ".join(one.text for one in own.offers),
            "seeks": ", ".join(one.text for one in own.seeks),
            "is_looking": own.is_looking,
        }
    )
