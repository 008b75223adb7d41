/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "router/match.h"

#include <ctype.h>
#include <string.h>

#include "arena/arena.h"
#include "number/checked.h"

enum { PARTS_MAX = 8, DIGITS_MAX = 18 };

enum part_kind { PART_LITERAL, PART_INTEGER, PART_TEXT };

bool part_is_integer(struct slice name)
{
    return slice_equal(name, S("id")) || (name.len > 3 && memcmp(name.ptr + name.len - 3, "_id", 3) == 0);
}

/* The next segment of a path or pattern, without its '/'. */
static struct slice segment_take(const char **p)
{
    const char *start = *p + (**p == '/');
    struct slice s = {start, strcspn(start, "/?")};
    *p = start + s.len;
    return s;
}

static enum part_kind kind_of(struct slice segment, struct slice *name)
{
    if (segment.len < 3 || segment.ptr[0] != '{')
        return PART_LITERAL;
    *name = (struct slice){segment.ptr + 1, segment.len - 2};
    return part_is_integer(*name) ? PART_INTEGER : PART_TEXT;
}

static bool is_identifier(struct slice s)
{
    if (s.len == 0 || s.len > DIGITS_MAX + 1 || s.ptr[0] == '0')
        return false;
    int64_t value = 0;
    for (size_t i = 0; i < s.len; i++)
        if (!isdigit((unsigned char)s.ptr[i]) || !multiply_fits(value, 10, &value) ||
            !add_fits(value, s.ptr[i] - '0', &value))
            return false;
    return true;
}

/* A segment of text, decoded; false when it could mean another path, or nothing readable. */
static bool text_part(struct arena *a, struct slice s, char **text)
{
    if (s.len == 0 || percent_decode(a, s, false, text) != NULL)
        return false;
    if (strcmp(*text, ".") == 0 || strcmp(*text, "..") == 0 || strpbrk(*text, "/\\"))
        return false;
    for (const char *p = *text; *p; p++)
        if ((unsigned char)*p < ' ' || *p == 0x7F)
            return false;
    return true;
}

/* Most patterns leave a path within a few letters. */
static bool parts_early(const char *pattern, const char *path)
{
    while (*pattern && *pattern != '{' && *pattern == *path)
        pattern++, path++;
    return *pattern && *pattern != '{';
}

bool path_may_fit(const char *pattern, const char *path)
{
    if (parts_early(pattern, path))
        return false;
    while (*pattern) {
        if (*path != '/')
            return false;
        struct slice wanted = segment_take(&pattern), given = segment_take(&path), name;
        enum part_kind kind = kind_of(wanted, &name);
        if (kind == PART_LITERAL   ? !slice_equal(wanted, given)
            : kind == PART_INTEGER ? !is_identifier(given)
                                   : given.len == 0)
            return false;
    }
    return *path == '\0' || *path == '?';
}

bool path_fits(struct arena *a, const char *pattern, const char *path, struct params *parts)
{
    *parts = (struct params){NULL, 0};
    if (!path_may_fit(pattern, path))
        return false;
    if (!strchr(pattern, '{'))
        return true;
    parts->at = NEW(a, struct param, PARTS_MAX);
    while (*pattern) {
        struct slice wanted = segment_take(&pattern), given = segment_take(&path), name;
        char *text;
        if (kind_of(wanted, &name) == PART_LITERAL)
            continue;
        if (!text_part(a, given, &text))
            return false;
        parts->at[parts->count++] = (struct param){slice_text(a, name), text};
    }
    return true;
}

int pattern_compare(const char *a, const char *b)
{
    while (*a && *b) {
        struct slice one = segment_take(&a), other = segment_take(&b), name;
        enum part_kind kind = kind_of(one, &name), other_kind = kind_of(other, &name);
        int order = kind != other_kind     ? (int)kind - (int)other_kind
                    : kind == PART_LITERAL ? slice_compare(one, other)
                                           : 0;
        if (order)
            return order;
    }
    return (*a != 0) - (*b != 0);
}

bool pattern_valid(const char *pattern)
{
    if (*pattern != '/' || strlen(pattern) > LIMIT_URL)
        return false;
    int parts = 0;
    for (const char *p = pattern; *p;) {
        struct slice segment = segment_take(&p);
        bool part = memchr(segment.ptr, '{', segment.len) != NULL;
        if (segment.len == 0)
            return pattern[1] == '\0';
        if (*p == '?' || (part && ++parts > PARTS_MAX))
            return false;
        for (size_t i = part; i < segment.len - part; i++)
            if (!isalnum((unsigned char)segment.ptr[i]) && !strchr(part ? "_" : "-._", segment.ptr[i]))
                return false;
        if (part && (segment.len < 3 || segment.ptr[0] != '{' || segment.ptr[segment.len - 1] != '}'))
            return false;
    }
    return true;
}
