/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "mail/vouched.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "arena/arena.h"
#include "text/slice.h"

/* Without comments, and what is quoted made harmless: senders choose what stands there. false: a comment or
 * quotation does not end. */
static bool make_plain(char *out, const char *in)
{
    int comments = 0;
    bool quoted = false;
    for (; *in; in++) {
        char c = *in;
        if (c == '\\' && in[1] && (quoted || comments)) {
            in++;
            c = '_';
        } else if (c == '"' && !comments) {
            quoted = !quoted;
            continue;
        } else if (quoted && !isalnum((unsigned char)c) && !strchr("@.-", c))
            c = '_';
        comments += !quoted && c == '(';
        if (comments)
            comments -= c == ')';
        else
            *out++ = isspace((unsigned char)c) ? ' ' : c;
    }
    *out = '\0';
    return !comments && !quoted;
}

static struct slice plain(struct arena *a, const char *results)
{
    char *out = NEW(a, char, strlen(results) + 1);
    return make_plain(out, results) ? slice_of(out) : (struct slice){"", 0};
}

static bool next_of(struct slice *rest, struct slice *word)
{
    *rest = slice_trim(*rest);
    return slice_cut(rest, ' ', word);
}

static bool is_like(struct slice s, const char *text)
{
    return s.len == strlen(text) && strncasecmp(s.ptr, text, s.len) == 0;
}

/* "user@b.example" and "b.example" are of b.example. */
static bool is_of(struct slice value, const char *domain)
{
    struct slice part = value;
    while (slice_cut(&value, '@', &part))
        ;
    return is_like(part, domain);
}

/* "header.from=b.example" among the words. */
static bool names(struct slice words, const char *property, const char *domain)
{
    struct slice word, name;
    while (next_of(&words, &word))
        if (slice_cut(&word, '=', &name) && is_like(name, property) && is_of(word, domain))
            return true;
    return false;
}

bool vouched_by(struct arena *a, const char *results, const char *by)
{
    struct slice rest = plain(a, results), head, word;
    return slice_cut(&rest, ';', &head) && next_of(&head, &word) && is_like(word, by);
}

bool vouched_for(struct arena *a, const char *results, const char *address)
{
    static const struct {
        const char *method, *property;
    } methods[] = {{"dmarc", "header.from"}, {"spf", "smtp.mailfrom"}, {"dkim", "header.d"}};
    const char *at = strrchr(address, '@');
    struct slice rest = plain(a, results), said, result, method;
    int yes = 0, no = 0;
    if (!at || !at[1] || !slice_cut(&rest, ';', &said))
        return false;
    while (slice_cut(&rest, ';', &said)) {
        if (!next_of(&said, &result) || !slice_cut(&result, '=', &method))
            continue;
        for (size_t i = 0; i < COUNT(methods); i++) {
            bool of_it = is_like(method, methods[i].method);
            bool good = of_it && is_like(result, "pass") && names(said, methods[i].property, at + 1);
            yes += good;
            no += of_it && !good && !i; /* where DMARC was looked at, it decides */
        }
    }
    return yes && !no;
}
