/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* value_text.c - one line, paragraphs, and codes out of a closed list. */
#include <string.h>

#include "i18n/i18n.h"
#include "limits/limits.h"
#include "record/kinds.h"
#include "text/fold.h"

static void text_clear(void *at)
{
    *(const char **)at = NULL;
}

static const char *text_at(const void *at)
{
    return *(const char *const *)at;
}

static bool text_known(const void *at)
{
    const char *text = text_at(at);
    return text && *text;
}

/* "" is no text, like NULL. */
static bool text_equal(const void *a, const void *b)
{
    return slice_equal(slice_of(text_at(a)), slice_of(text_at(b)));
}

/* Marks that turn the direction of writing can make one name look like another. */
static bool turns_direction(const char *p)
{
    return (memcmp(p, "\xE2\x80", 2) == 0 && (unsigned char)p[2] >= 0xAA && (unsigned char)p[2] <= 0xAE) ||
           (memcmp(p, "\xE2\x81", 2) == 0 && (unsigned char)p[2] >= 0xA6 && (unsigned char)p[2] <= 0xA9);
}

static struct fault *clean(const struct field *f, struct slice s)
{
    if (!utf8_valid(s))
        return fault(FAULT_INVALID, "%s: these bytes are not text (UTF-8).", tr(f->label));
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        bool control = (c < ' ' && c != '\n' && c != '\t') || c == 0x7F;
        if (control || (c == 0xE2 && turns_direction(s.ptr + i)))
            return fault(FAULT_INVALID, "%s: an invisible control character is not allowed.", tr(f->label));
    }
    return NULL;
}

static bool blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Runs of white space become one space; in a text of fixed length, which is a code, they go altogether, so
 * that "356 000 000" is a SIREN. */
static struct slice one_line(struct arena *a, struct slice s, bool code)
{
    char *out = NEW(a, char, s.len + 1), *p = out;
    for (size_t i = 0; i < s.len; i++) {
        bool nbsp = code && i + 1 < s.len && memcmp(s.ptr + i, "\xC2\xA0", 2) == 0;
        bool narrow = code && i + 2 < s.len && memcmp(s.ptr + i, "\xE2\x80\xAF", 3) == 0;
        if (nbsp || narrow)
            i += nbsp ? 1 : 2;
        else if (!blank(s.ptr[i]))
            *p++ = s.ptr[i];
        else if (!code && p > out && p[-1] != ' ')
            *p++ = ' ';
    }
    return (struct slice){out, (size_t)(p - out)};
}

static struct fault *text_parse(const struct field *f, struct arena *a, struct slice typed, void *at)
{
    struct slice line = one_line(a, typed, f->min > 0 && f->min == f->max);
    *(const char **)at = line.ptr;
    return clean(f, line);
}

/* Lines end in one line feed, whoever typed them. */
static struct fault *longtext_parse(const struct field *f, struct arena *a, struct slice typed, void *at)
{
    char *out = NEW(a, char, typed.len + 1), *p = out;
    for (size_t i = 0; i < typed.len; i++) {
        bool ending = typed.ptr[i] == '\r';
        if (!ending)
            *p++ = typed.ptr[i];
        else if (i + 1 == typed.len || typed.ptr[i + 1] != '\n')
            *p++ = '\n';
    }
    *(const char **)at = out;
    return clean(f, (struct slice){out, (size_t)(p - out)});
}

static struct fault *text_load(const struct field *f, struct arena *a, struct slice plain, void *at)
{
    (void)f;
    *(const char **)at = slice_text(a, plain);
    return NULL;
}

static struct fault *length_check(const struct field *f, const char *text, int64_t otherwise)
{
    int64_t count = (int64_t)utf8_length(slice_of(text)), most = f->max > 0 ? f->max : otherwise;
    if (f->min > 0 && f->min == most && count != most)
        return fault(FAULT_INVALID, "%s: exactly %lld characters are expected.", tr(f->label),
                     (long long)most);
    if (count > most)
        return fault(FAULT_INVALID, "%s: at most %lld characters (there are %lld).", tr(f->label),
                     (long long)most, (long long)count);
    if (count < f->min)
        return fault(FAULT_INVALID, "%s: at least %lld characters.", tr(f->label), (long long)f->min);
    return f->check ? f->check(text) : NULL;
}

static struct fault *text_check(const struct field *f, const void *at)
{
    TRY(clean(f, slice_of(text_at(at))));
    if (strpbrk(text_at(at), "\n\t"))
        return fault(FAULT_INVALID, "%s: one line only.", tr(f->label));
    return length_check(f, text_at(at), LIMIT_TEXT);
}

static struct fault *longtext_check(const struct field *f, const void *at)
{
    TRY(clean(f, slice_of(text_at(at))));
    return length_check(f, text_at(at), LIMIT_LONG_TEXT);
}

static char *text_written(const struct field *f, struct arena *a, const void *at)
{
    (void)f;
    return slice_text(a, slice_of(text_at(at)));
}

const struct kind_rules text_rules = {.name = "text",
                                      .clear = text_clear,
                                      .known = text_known,
                                      .equal = text_equal,
                                      .parse = text_parse,
                                      .load = text_load,
                                      .check = text_check,
                                      .shown = text_written,
                                      .typed = text_written,
                                      .plain = text_written};

const struct kind_rules longtext_rules = {.name = "longtext",
                                          .clear = text_clear,
                                          .known = text_known,
                                          .equal = text_equal,
                                          .parse = longtext_parse,
                                          .load = text_load,
                                          .check = longtext_check,
                                          .shown = text_written,
                                          .typed = text_written,
                                          .plain = text_written};

/* Choices: the code is stored, the label is shown and typed; both are read, in either language. */

static struct fault *choice_parse(const struct field *f, struct arena *a, struct slice typed, void *at)
{
    struct slice folded = fold(a, typed);
    for (const struct choice *c = f->choices; c->code; c++) {
        const char *words[] = {c->code, c->label, tr_in(LANGUAGE_FR, c->label)};
        for (size_t i = 0; i < COUNT(words); i++)
            if (slice_equal(folded, fold(a, slice_of(words[i])))) {
                *(const char **)at = c->code;
                return NULL;
            }
    }
    return fault(FAULT_INVALID, "%s: \"%s\" is not one of the choices.", tr(f->label), excerpt(a, typed));
}

static const char *code_of(const struct field *f, struct slice code)
{
    for (const struct choice *c = f->choices; c->code; c++)
        if (slice_equal(code, slice_of(c->code)))
            return c->code;
    return NULL;
}

static struct fault *choice_load(const struct field *f, struct arena *a, struct slice plain, void *at)
{
    const char *code = code_of(f, plain); /* a code that was retired since stays as it was */
    *(const char **)at = code ? code : slice_text(a, plain);
    return NULL;
}

static struct fault *choice_check(const struct field *f, const void *at)
{
    if (code_of(f, slice_of(text_at(at))))
        return NULL;
    return fault(FAULT_INVALID, "%s: \"%.60s\" is not one of the choices.", tr(f->label), text_at(at));
}

static char *choice_shown(const struct field *f, struct arena *a, const void *at)
{
    return slice_text(a, slice_of(choice_label(f, text_at(at))));
}

const struct kind_rules choice_rules = {.name = "choice",
                                        .clear = text_clear,
                                        .known = text_known,
                                        .equal = text_equal,
                                        .parse = choice_parse,
                                        .load = choice_load,
                                        .check = choice_check,
                                        .shown = choice_shown,
                                        .typed = choice_shown,
                                        .plain = text_written};
