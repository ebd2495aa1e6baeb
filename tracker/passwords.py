"""Which passwords are good enough (mật khẩu), as Django's validators: each rule is a setting and a sentence.

The defaults are those of TCVN 14423: 14 characters of 4 kinds, or 8 together with a second factor.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password, is_password_usable
from django.contrib.auth.password_validation import CommonPasswordValidator, get_password_validators
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_otp import user_has_device

from tracker.models import FormerPassword, User
from tracker.vietnamese.text import fold

LONGEST = 200
"""Characters that are taken; a longer password is refused with a sentence and never cut."""

WARNING_DAYS = 7
"""An administrator is told so many days before the password gets too old."""

OFFICE_WORDS = ("namdinh", "sotttt", "thongtintruyenthong", "matkhau", "password", "tracker")
"""Words that everybody around here would try first."""

COMMON_HERE = frozenset(
    {"anhyeuem", "emyeuanh", "yeuemnhieu", "vietnam", "hanoi", "khongbiet", "khongcomatkhau"}
)

ROWS = (
    "0123456789",
    "1234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "1q2w3e4r5t6y7u8i9o0p",
)
"""Counting, the alphabet and the keyboard: what lies next to each other in one of these is no secret."""

COUNTED_DIGITS, COUNTED_LETTERS = 4, 5
"""So many neighbours of a row in succession are refused."""

SHORTEST_WORD = 4
"""Shorter names of the account occur in good passwords by chance."""

_LOOKALIKES = str.maketrans("04@13!$5", "oaaieiss")
_REPEATED = re.compile(r"(.)\1{3}|(.{2})\2\2|(.{3,})\3")


class LengthAndKinds:
    """Long enough, of enough kinds; shorter and of any kind where a second factor stands behind it."""

    def validate(self, password: str, user: User | None = None) -> None:
        password = unicodedata.normalize("NFC", password)
        if len(password) > LONGEST:
            raise ValidationError(_("The password is too long: at most %(n)d characters.") % {"n": LONGEST})
        has_factor = has_second_factor(user)
        least = least_length(has_factor=has_factor)
        if len(password) < least:
            text = ngettext(
                "The password has %(n)d character and must have at least %(least)d.",
                "The password has %(n)d characters and must have at least %(least)d.",
                len(password),
            )
            raise ValidationError(text % {"n": len(password), "least": least})
        if not has_factor and len(kinds(password)) < settings.TRACKER_PASSWORD_KINDS:
            missing = [label for kind, label in _kind_labels().items() if kind not in kinds(password)]
            raise ValidationError(_("The password still needs: %(kinds)s.") % {"kinds": ", ".join(missing)})

    def get_help_text(self) -> str:
        least, kinds_wanted = least_length(has_factor=False), settings.TRACKER_PASSWORD_KINDS
        if kinds_wanted < 2:
            text = _("At least %(least)d characters; a sentence is easy to remember.")
        elif kinds_wanted < 4:
            text = _("At least %(least)d characters of %(kinds)d kinds: %(names)s.")
        else:
            text = _("At least %(least)d characters, among them: %(names)s.")
        names = ", ".join(_kind_labels().values())
        return text % {"least": least, "kinds": kinds_wanted, "names": names}


class NothingRepeatedOrCounted:
    """No “aaaa”, no “abcabc”, no “12345”, no keyboard rows, in either direction."""

    def validate(self, password: str, user: User | None = None) -> None:
        plain = fold(password)
        if _REPEATED.search(plain):
            raise ValidationError(_("The password repeats the same characters one after another."))
        if found := next(counted(plain), ""):
            raise ValidationError(
                _("“%(part)s” lies in a row, by counting or on the keyboard: choose something else.")
                % {"part": found}
            )

    def get_help_text(self) -> str:
        return _(
            "Nothing repeated (aaaa, abcabc), counted (1234, abcde) or in a row on the keyboard (qwerty)."
        )


class NotAboutTheAccount:
    """Without the names of the person, the account, the agency and the office, also with look-alike signs."""

    def validate(self, password: str, user: User | None = None) -> None:
        forms = {_letters(fold(password)), _letters(fold(password).translate(_LOOKALIKES))}
        for word in (*OFFICE_WORDS, *_words_of(user)):
            if any(word in form for form in forms):
                raise ValidationError(
                    _(
                        "The password holds a name that others know of you or of the office: choose something else."
                    )
                )

    def get_help_text(self) -> str:
        return _("Without your name, account name, telephone, agency or “namdinh”.")


class NotCommon(CommonPasswordValidator):
    """Not on the list of the most common passwords, also not with signs or a year around it."""

    def validate(self, password: str, user: User | None = None) -> None:
        plain = fold(password).strip()
        for form in (plain, plain.translate(_LOOKALIKES)):
            core = re.sub(r"^[^a-z]+|[^a-z]+$", "", form)
            if {form, core} & (self.passwords | COMMON_HERE):
                raise ValidationError(_("This password is one of the most common: others try it first."))

    def get_help_text(self) -> str:
        return _("Not a common password with a year or a sign behind it.")


class NotUsedBefore:
    """Neither the present password nor one of the last few."""

    def validate(self, password: str, user: User | None = None) -> None:
        if user is None or user.pk is None:
            return
        password = unicodedata.normalize("NFC", password)
        if is_password_usable(user.password) and check_password(password, user.password):
            raise ValidationError(_("Choose a password that differs from the present one."))
        former = FormerPassword.objects.filter(user=user).values_list("password", flat=True)
        if any(check_password(password, one) for one in former[: settings.TRACKER_PASSWORD_HISTORY]):
            raise ValidationError(_("You have had this password before: choose another."))

    def get_help_text(self) -> str:
        n = settings.TRACKER_PASSWORD_HISTORY
        if not n:
            return _("Not the present password.")
        text = ngettext(
            "Not the present password, nor the one before.", "Not one of your last %(n)d passwords.", n
        )
        return text % {"n": n}


def rules(user: User | None = None) -> list[str]:
    """What a new password must be, as sentences to read before typing."""
    texts = [one.get_help_text() for one in get_password_validators(settings.AUTH_PASSWORD_VALIDATORS)]
    if has_second_factor(user):
        text = _("At least %(least)d characters: your second factor stands behind it.")
        texts[0] = text % {"least": least_length(has_factor=True)}
    return texts


def least_length(*, has_factor: bool) -> int:
    """The shortest password, in characters."""
    if has_factor:
        return min(settings.TRACKER_PASSWORD_LENGTH, settings.TRACKER_PASSWORD_LENGTH_WITH_SECOND_FACTOR)
    return settings.TRACKER_PASSWORD_LENGTH


def has_second_factor(user: User | None) -> bool:
    return user is not None and user.pk is not None and user_has_device(user)


def days_left(user: Any, now: dt.datetime) -> int | None:
    """Whole days before an administrator's password gets too old; below zero it is. None: it never does."""
    if not settings.TRACKER_ADMIN_PASSWORD_DAYS or getattr(user, "role", "") != User.Role.ADMIN:
        return None
    age = now - (user.password_changed_at or user.created_at)
    return settings.TRACKER_ADMIN_PASSWORD_DAYS - 1 - age.days


def is_too_old(user: Any, now: dt.datetime) -> bool:
    left = days_left(user, now)
    return left is not None and left < 0


def kinds(password: str) -> set[str]:
    """Which kinds of characters occur: small and capital letters, digits, everything else."""
    return {_kind(sign) for sign in password}


def counted(plain: str) -> Iterator[str]:
    """The parts of a folded password that lie in a row, forwards or backwards."""
    for row in (*ROWS, *(row[::-1] for row in ROWS)):
        neighbours = set(pairwise(row))
        start = 0
        for place in range(1, len(plain) + 1):
            if place < len(plain) and (plain[place - 1], plain[place]) in neighbours:
                continue
            part, start = plain[start:place], place
            if len(part) >= (COUNTED_DIGITS if part.isdigit() else COUNTED_LETTERS):
                yield part


def _kind(sign: str) -> str:
    if sign.isdigit():
        return "digit"
    if sign.isalpha():
        return "capital" if sign.isupper() else "small"
    return "sign"


def _kind_labels() -> dict[str, str]:
    return {
        "small": _("a small letter"),
        "capital": _("a capital letter"),
        "digit": _("a digit"),
        "sign": _("a sign or a space"),
    }


def _words_of(user: User | None) -> Iterator[str]:
    """What others know of the person, in letters and digits alone."""
    if user is None:
        return
    names = user.full_name.split()
    texts = [user.username, user.full_name, " ".join(names[-2:]), user.email.split("@")[0], user.phone]
    if user.agency_id:
        texts += [user.agency.name, user.agency.short_name, user.agency.code]
    for text in texts:
        word = _letters(fold(text))
        if len(word) >= SHORTEST_WORD:
            yield word


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text)
