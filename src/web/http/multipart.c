/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "http/multipart.h"

#include <string.h>
#include <strings.h>

#include "text/fold.h"

enum { BOUNDARY_MAX = 70, PART_HEADERS_MAX = 4096 };

struct reading {
    struct arena *arena;
    struct slice rest, delimiter; /* delimiter: CRLF "--" boundary */
    struct params fields;
    struct upload *files;
    size_t file_count, field_capacity, file_capacity;
};

struct part {
    struct slice name, file_name, type;
    bool is_file;
    struct slice content;
};

static struct fault *damaged(const char *why)
{
    return fault(FAULT_INVALID, "The form sent by the browser is damaged: %s.", tr(why));
}

/* Takes one "; name=value" off the front of a header; quoted values may hold semicolons. */
static bool parameter_cut(struct slice *rest, struct slice *name, struct slice *value)
{
    struct slice s = slice_trim(*rest);
    if (s.len == 0 || s.ptr[0] != ';')
        return false;
    s = slice_trim(slice_from(s, 1));
    size_t n = 0;
    while (n < s.len && s.ptr[n] != '=' && s.ptr[n] != ';')
        n++;
    *name = slice_trim((struct slice){s.ptr, n});
    *value = (struct slice){s.ptr + n, 0};
    if (n < s.len && s.ptr[n] == '=') {
        bool quoted = n + 1 < s.len && s.ptr[n + 1] == '"';
        size_t start = n + 1 + quoted, end = start;
        while (end < s.len && s.ptr[end] != (quoted ? '"' : ';'))
            end++;
        *value = (struct slice){s.ptr + start, end - start};
        n = end + (quoted && end < s.len);
    }
    *rest = slice_from(s, n);
    return true;
}

bool header_parameter(struct slice header, const char *name, struct slice *value)
{
    const char *first = header.len ? memchr(header.ptr, ';', header.len) : NULL;
    if (!first)
        return false;
    struct slice rest = slice_from(header, (size_t)(first - header.ptr)), found;
    while (parameter_cut(&rest, &found, value))
        if (found.len == strlen(name) && strncasecmp(found.ptr, name, found.len) == 0)
            return true;
    return false;
}

/* Moves past `count` bytes that must be there. */
static bool take(struct slice *rest, const char *bytes)
{
    if (!slice_starts(*rest, slice_of(bytes)))
        return false;
    *rest = slice_from(*rest, strlen(bytes));
    return true;
}

static void header_read(struct slice line, struct part *part)
{
    struct slice value = line, name;
    if (!slice_cut(&value, ':', &name) || !value.ptr)
        return;
    value = slice_trim(value);
    name = slice_trim(name);
    if (name.len == 12 && strncasecmp(name.ptr, "Content-Type", 12) == 0)
        part->type = value;
    if (name.len != 19 || strncasecmp(name.ptr, "Content-Disposition", 19) != 0)
        return;
    (void)header_parameter(value, "name", &part->name);
    part->is_file = header_parameter(value, "filename", &part->file_name);
}

static struct fault *headers_read(struct reading *r, struct part *part)
{
    size_t window = r->rest.len < PART_HEADERS_MAX ? r->rest.len : PART_HEADERS_MAX;
    const char *end = window ? memmem(r->rest.ptr, window, "\r\n\r\n", 4) : NULL;
    if (!end)
        return damaged(N_("a part without end of headers"));
    struct slice headers = {r->rest.ptr, (size_t)(end - r->rest.ptr)}, line;
    r->rest = slice_from(r->rest, headers.len + 4);
    if (memchr(headers.ptr, '\0', headers.len))
        return damaged(N_("a NUL character in a part's headers"));
    while (slice_cut(&headers, '\n', &line))
        header_read(line, part);
    return part->name.len ? NULL : damaged(N_("a part without name"));
}

/* Browsers write quotes and line ends in names as %22, %0D, %0A (WHATWG HTML 4.10.21.8), and nothing else. */
static struct fault *name_text(struct arena *a, struct slice s, char **out)
{
    char *text = NEW(a, char, s.len + 1), *p = text;
    for (size_t i = 0; i < s.len; i++) {
        bool three = s.ptr[i] == '%' && s.len - i > 2;
        char c = s.ptr[i];
        if (three && memcmp(s.ptr + i, "%22", 3) == 0)
            c = '"';
        else if (three && (memcmp(s.ptr + i, "%0D", 3) == 0 || memcmp(s.ptr + i, "%0A", 3) == 0))
            c = ' ';
        else
            three = false;
        if ((unsigned char)c < ' ' || c == 0x7F)
            c = ' ';
        *p++ = c;
        i += three ? 2 : 0;
    }
    *out = text;
    return utf8_valid((struct slice){text, (size_t)(p - text)}) ? NULL
                                                                : damaged(N_("a name that is not UTF-8"));
}

static struct fault *file_add(struct reading *r, const struct part *part)
{
    char *field, *name, *type;
    if (part->file_name.len == 0 && part->content.len == 0)
        return NULL;
    if (r->file_count == LIMIT_FORM_FILES)
        return fault(FAULT_LIMIT, "The form has more than %d files.", LIMIT_FORM_FILES);
    TRY(name_text(r->arena, part->name, &field));
    TRY(name_text(r->arena, part->file_name, &name));
    TRY(name_text(r->arena, part->type, &type));
    for (char *p = name; *p; p++)
        if (*p == '/' || *p == '\\')
            name = p + 1;
    *PUSH(r->arena, r->files, r->file_count, r->file_capacity) =
        (struct upload){.field = field, .file_name = name, .type = type, .content = part->content};
    return NULL;
}

static struct fault *field_add(struct reading *r, const struct part *part)
{
    char *name;
    if (r->fields.count == LIMIT_FORM_FIELDS)
        return fault(FAULT_LIMIT, "The form has more than %d fields.", LIMIT_FORM_FIELDS);
    if (part->content.len > LIMIT_BODY)
        return fault(FAULT_LIMIT, "A text of the form is longer than %zu KiB.", LIMIT_BODY / KIB);
    TRY(name_text(r->arena, part->name, &name));
    if (part->content.len && memchr(part->content.ptr, '\0', part->content.len))
        return damaged(N_("a NUL character in a text"));
    if (!utf8_valid(part->content))
        return damaged(N_("a text that is not UTF-8"));
    *PUSH(r->arena, r->fields.at, r->fields.count, r->field_capacity) =
        (struct param){name, slice_text(r->arena, part->content)};
    return NULL;
}

/* One part, from after its delimiter line to the next delimiter. */
static struct fault *part_read(struct reading *r)
{
    struct part part = {.name = S(""), .type = S(""), .file_name = S("")};
    TRY(headers_read(r, &part));
    const char *end =
        r->rest.len ? memmem(r->rest.ptr, r->rest.len, r->delimiter.ptr, r->delimiter.len) : NULL;
    if (!end)
        return damaged(N_("a part that does not end"));
    part.content = (struct slice){r->rest.ptr, (size_t)(end - r->rest.ptr)};
    r->rest = slice_from(r->rest, part.content.len + r->delimiter.len);
    return part.is_file ? file_add(r, &part) : field_add(r, &part);
}

struct fault *multipart_read(struct arena *a, const char *content_type, struct slice body,
                             struct params *fields, struct upload **files, size_t *file_count)
{
    struct slice boundary;
    if (!header_parameter(slice_of(content_type), "boundary", &boundary) || boundary.len == 0 ||
        boundary.len > BOUNDARY_MAX)
        return damaged(N_("no boundary"));
    char *delimiter = arena_print(a, "\r\n--%.*s", SLICE_ARGS(boundary));
    struct reading r = {.arena = a, .rest = body, .delimiter = slice_of(delimiter)};
    if (!take(&r.rest, delimiter + 2))
        return damaged(N_("it does not begin with its boundary"));
    while (take(&r.rest, "\r\n"))
        TRY(part_read(&r));
    if (!take(&r.rest, "--"))
        return damaged(N_("it does not end with its boundary"));
    *fields = r.fields;
    *files = r.files;
    *file_count = r.file_count;
    return NULL;
}
