/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "records/checks.h"

#include <string.h>
#include <strings.h>

#include "i18n/i18n.h"
#include "introductions/introductions.h"
#include "records/records.h"
#include "text/slice.h"

static bool all_digits(const char *text, size_t count)
{
    return strlen(text) == count && strspn(text, "0123456789") == count;
}

/* Luhn: from the right, every second digit doubled, the digits of the products added; a multiple of ten. */
static bool luhn_holds(const char *digits, size_t count)
{
    int sum = 0;
    for (size_t i = 0; i < count; i++) {
        int digit = digits[count - 1 - i] - '0', twice = digit * 2;
        sum += i % 2 == 0 ? digit : twice > 9 ? twice - 9 : twice;
    }
    return sum % 10 == 0;
}

static bool all_zeros(const char *digits, size_t count)
{
    return strspn(digits, "0") >= count;
}

struct fault *check_siren(const char *text)
{
    if (!all_digits(text, 9))
        return fault(FAULT_INVALID, "A SIREN is nine digits; this is \"%.40s\".", text);
    if (all_zeros(text, 9) || !luhn_holds(text, 9))
        return fault(FAULT_INVALID, "The key of the SIREN %s is wrong: a digit is mistyped.", text);
    return NULL;
}

/* La Poste ran out of keys: the digits of its SIRETs add up to a multiple of five (INSEE). */
static bool la_poste_holds(const char *digits)
{
    int sum = 0;
    for (size_t i = 0; i < 14; i++)
        sum += digits[i] - '0';
    return strncmp(digits, "356000000", 9) == 0 && sum % 5 == 0;
}

struct fault *check_siret(const char *text)
{
    if (!all_digits(text, 14))
        return fault(FAULT_INVALID, "A SIRET is fourteen digits; this is \"%.40s\".", text);
    bool key = luhn_holds(text, 14) && luhn_holds(text, 9) && !all_zeros(text, 9);
    if (!key && !la_poste_holds(text))
        return fault(FAULT_INVALID, "The key of the SIRET %s is wrong: a digit is mistyped.", text);
    return NULL;
}

/* NAF rev. 2 and NAF 2025 have one shape: "26.52Z", with or without the point. */
struct fault *check_naf(const char *text)
{
    char compact[6] = "";
    size_t length = strlen(text);
    bool pointed = length == 6 && text[2] == '.';
    if (length == 5 || pointed) {
        memcpy(compact, text, 2);
        memcpy(compact + 2, text + 2 + pointed, 3);
        if (strspn(compact, "0123456789") == 4 && compact[4] >= 'A' && compact[4] <= 'Z')
            return NULL;
    }
    return fault(FAULT_INVALID, "A NAF code is four digits and a letter, such as 26.52Z; this is \"%.40s\".",
                 text);
}

static bool host_character(unsigned char c)
{
    return c >= 0x80 || c == '-' || c == '.' || (c >= '0' && c <= '9') ||
           ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

static bool host_holds(const char *host, size_t length)
{
    if (!length || host[0] == '.' || host[0] == '-' || memmem(host, length, "..", 2))
        return false;
    for (size_t i = 0; i < length; i++)
        if (!host_character((unsigned char)host[i]))
            return false;
    return true;
}

/* No user name before the host: it is only ever used to mislead. */
struct fault *check_url(const char *text)
{
    size_t scheme = strncasecmp(text, "https://", 8) == 0 ? 8 : strncasecmp(text, "http://", 7) == 0 ? 7 : 0;
    size_t host = scheme ? strcspn(text + scheme, "/?#:") : 0;
    const char *after = text + scheme + host;
    size_t port = *after == ':' ? strspn(after + 1, "0123456789") + 1 : 0;
    bool ends = port == 0 || (port > 1 && strchr("/?#", after[port]));
    if (scheme && ends && host_holds(text + scheme, host) && !strpbrk(text, " \"<>\\^`{|}"))
        return NULL;
    return fault(FAULT_INVALID, "A web address starts with https:// or http://; this is \"%.80s\".", text);
}

struct fault *check_email(const char *text)
{
    const char *at = strchr(text, '@');
    size_t local = at ? (size_t)(at - text) : 0;
    bool good = local > 0 && local <= 64 && !strpbrk(text, " \"<>()[]\\,;:|`{}") && !strchr(at + 1, '@') &&
                text[0] != '.' && at[-1] != '.' && !strstr(text, "..");
    size_t host = good ? strlen(at + 1) : 0;
    const char *dot = good ? strrchr(at + 1, '.') : NULL;
    if (dot && dot[1] && dot[2] && host_holds(at + 1, host) && at[host] != '-')
        return NULL;
    return fault(FAULT_INVALID, "\"%.80s\" is not an e-mail address, such as name@example.org.", text);
}

struct fault *check_code(const char *text)
{
    if (*text && *text != '-' && strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(text))
        return NULL;
    return fault(FAULT_INVALID, "A code has lower-case letters, digits and hyphens; this is \"%.80s\".",
                 text);
}

/* Across fields: the fault names the field that comes second on the form. */

static struct fault *in_order(int64_t first, int64_t second, const char *field)
{
    if (!known_integer(first) || !known_integer(second) || first <= second)
        return NULL;
    return fault_in(field, fault(FAULT_INVALID, "The end is before the beginning."));
}

static struct fault *both_or_none(double lat, double lon)
{
    if (known_real(lat) == known_real(lon))
        return NULL;
    return fault_in(known_real(lat) ? "lon" : "lat",
                    fault(FAULT_INVALID, "A position needs both its latitude and its longitude."));
}

/* A half width that exceeds the largest size asked for is nearly always a slip of unit. */
static struct fault *tolerance_fits(struct interval size, int64_t tolerance)
{
    int64_t largest = known_integer(size.hi) ? size.hi : UNKNOWN_INTEGER;
    if (!known_integer(tolerance) || !known_integer(largest) || tolerance <= largest)
        return NULL;
    return fault_in("tolerance", fault(FAULT_INVALID, "The tolerance is wider than the largest size."));
}

struct fault *check_organisation(const void *record)
{
    const struct organisation *o = record;
    TRY(in_order(o->created, o->closed, "closed"));
    if (o->id && o->parent == o->id)
        return fault_in("parent", fault(FAULT_INVALID, "An organisation cannot be part of itself."));
    return NULL;
}

struct fault *check_site(const void *record)
{
    const struct site *s = record;
    TRY(both_or_none(s->lat, s->lon));
    bool letters = !s->country || (s->country[0] >= 'A' && s->country[0] <= 'Z' && s->country[1] >= 'A' &&
                                   s->country[1] <= 'Z');
    if (!letters)
        return fault_in("country",
                        fault(FAULT_INVALID, "A country is two capital letters, such as FR or CH."));
    return NULL;
}

struct fault *check_mandate(const void *record)
{
    const struct mandate *m = record;
    return in_order(m->since, m->until, "until");
}

struct fault *check_membership(const void *record)
{
    const struct membership *m = record;
    return in_order(m->since, m->until, "until");
}

struct fault *check_grappe(const void *record)
{
    const struct grappe *g = record;
    return in_order(g->since, g->until, "until");
}

struct fault *check_grappe_membership(const void *record)
{
    const struct grappe_membership *m = record;
    return in_order(m->since, m->until, "until");
}

struct fault *check_availability(const void *record)
{
    const struct availability *f = record;
    return in_order(f->since, f->until, "until");
}

struct fault *check_competitor(const void *record)
{
    const struct competitor *c = record;
    return c->competitor && c->competitor == c->organisation
               ? fault_in("competitor", fault(FAULT_INVALID, "An organisation does not compete with itself."))
               : NULL;
}

struct fault *check_offer(const void *record)
{
    const struct offer *o = record;
    return in_order(o->since, o->until, "until");
}

struct fault *check_reminder_rate(const void *record)
{
    const struct reminder_rate *r = record;
    struct reminder_plan plan;
    if (r->days && !reminder_days_parse(r->days, &plan))
        return fault_in("days", fault(FAULT_INVALID,
                                      "One to four numbers of days up to %d, each larger than "
                                      "the one before: 3, 9, 21, 45.",
                                      REMINDER_MOST_DAYS));
    return NULL;
}

struct fault *check_capability(const void *record)
{
    const struct capability *c = record;
    TRY(tolerance_fits(c->size, c->tolerance));
    if (known_integer(c->capacity) && known_integer(c->free_capacity) && c->free_capacity > c->capacity)
        return fault_in("free_capacity",
                        fault(FAULT_INVALID, "The free capacity is larger than the whole capacity."));
    if (c->origin && strcmp(c->origin, "confirmed") == 0 && !known_integer(c->confirmed_on))
        return fault_in("confirmed_on", fault(FAULT_INVALID, "A confirmation needs its date."));
    return NULL;
}

struct fault *check_certificate(const void *record)
{
    const struct certificate *c = record;
    return in_order(c->since, c->until, "until");
}

struct fault *check_need(const void *record)
{
    const struct need *n = record;
    TRY(both_or_none(n->lat, n->lon));
    return tolerance_fits(n->size, n->tolerance);
}

/* The synonyms of a term are one text, separated by "|". */
struct fault *check_term(const void *record)
{
    const struct term *t = record;
    if (t->id && t->parent == t->id)
        return fault_in("parent", fault(FAULT_INVALID, "A term cannot be broader than itself."));
    if (strchr(t->label ? t->label : "", '|'))
        return fault_in("label", fault(FAULT_INVALID, "A label cannot contain |, which separates synonyms."));
    if (strchr(t->label_en ? t->label_en : "", '|'))
        return fault_in("label_en",
                        fault(FAULT_INVALID, "A label cannot contain |, which separates synonyms."));
    return NULL;
}
