/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "xlsx/xlsx_book.h"

#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "i18n/i18n.h"
#include "text/buffer.h"
#include "xlsx/xlsx_part.h"

/* --- relations: which part is which ---------------------------------------------------------------- */

struct relation {
    const char *id, *type, *part;
};

struct relations {
    struct arena *arena;
    struct xlsx_part *reading;
    struct slice folder; /* targets are relative to it: "xl/" */
    struct relation *at;
    size_t count, room;
};

static const char *copy(struct arena *a, const char *text)
{
    return arena_text(a, text ? text : "", text ? strlen(text) : 0);
}

/* "worksheets/sheet1.xml", "/xl/worksheets/sheet1.xml" and "../xl/worksheets/sheet1.xml" are one. */
static const char *resolved(struct arena *a, struct slice folder, const char *target)
{
    if (*target == '/')
        return copy(a, target + 1);
    while (strncmp(target, "../", 3) == 0 && folder.len) {
        for (folder.len--; folder.len && folder.ptr[folder.len - 1] != '/';)
            folder.len--;
        target += 3;
    }
    return arena_print(a, "%.*s%s", SLICE_ARGS(folder), target);
}

static void take_relation(void *with, const char *name, const char **attributes)
{
    struct relations *r = with;
    const char *target = xlsx_attribute(attributes, "Target");
    const char *type = xlsx_attribute(attributes, "Type");
    const char *slash = type ? strrchr(type, '/') : NULL;
    if (strcmp(name, "Relationship") != 0 || !target || !slash)
        return;
    if (r->count == LIMIT_XLSX_ENTRIES) {
        xlsx_part_fail(r->reading, fault(FAULT_LIMIT, "This workbook has more parts than can be read."));
        return;
    }
    *PUSH(r->arena, r->at, r->count, r->room) =
        (struct relation){copy(r->arena, xlsx_attribute(attributes, "Id")), copy(r->arena, slash + 1),
                          resolved(r->arena, r->folder, target)};
}

/* Those of xl/workbook.xml are in xl/_rels/workbook.xml.rels, those of the package in _rels/.rels. */
static struct fault *read_relations(struct arena *a, const struct xlsx_archive *x, const char *part,
                                    struct relations *r)
{
    static const struct xlsx_handlers on = {.start = take_relation};
    const char *slash = strrchr(part, '/'), *file = slash ? slash + 1 : part;
    *r = (struct relations){.arena = a, .folder = {part, (size_t)(file - part)}};
    return xlsx_part_read_whole(a, x, arena_print(a, "%.*s_rels/%s.rels", SLICE_ARGS(r->folder), file), &on,
                                r, &r->reading);
}

static const char *part_of_type(const struct relations *r, const char *type)
{
    for (size_t i = 0; i < r->count; i++)
        if (strcmp(r->at[i].type, type) == 0)
            return r->at[i].part;
    return NULL;
}

/* --- the workbook ---------------------------------------------------------------------------------- */

struct workbook {
    struct arena *arena;
    struct xlsx_book *book;
    struct relations relations;
    struct xlsx_part *reading;
    size_t room;
};

static char *one_line(struct arena *a, const char *text)
{
    char *line = arena_text(a, text, strlen(text));
    for (char *p = line; *p; p++)
        if ((unsigned char)*p < ' ')
            *p = ' ';
    return line;
}

static bool is_true(const char *attribute)
{
    return attribute && (strcmp(attribute, "1") == 0 || strcmp(attribute, "true") == 0);
}

static void take_sheet(struct workbook *w, const char **attributes)
{
    const char *name = xlsx_attribute(attributes, "name"), *id = xlsx_attribute(attributes, "id");
    const char *state = xlsx_attribute(attributes, "state");
    if (!name || !id || strlen(name) > LIMIT_TEXT || w->book->sheet_count == LIMIT_XLSX_SHEETS) {
        xlsx_part_fail(w->reading, xlsx_damaged("workbook"));
        return;
    }
    for (size_t i = 0; i < w->relations.count; i++)
        if (strcmp(w->relations.at[i].id, id) == 0 && strcmp(w->relations.at[i].type, "worksheet") == 0)
            *PUSH(w->arena, w->book->sheets, w->book->sheet_count, w->room) =
                (struct xlsx_sheet){.name = one_line(w->arena, name),
                                    .part = w->relations.at[i].part,
                                    .hidden = state && strcmp(state, "visible") != 0};
}

static void workbook_start(void *with, const char *name, const char **attributes)
{
    struct workbook *w = with;
    if (strcmp(name, "workbookPr") == 0)
        w->book->since_1904 = is_true(xlsx_attribute(attributes, "date1904"));
    else if (strcmp(name, "sheet") == 0)
        take_sheet(w, attributes);
}

static struct fault *find_workbook(struct arena *a, const struct xlsx_archive *x, const char **part)
{
    struct relations package;
    TRY(read_relations(a, x, "", &package));
    *part = part_of_type(&package, "officeDocument");
    if (*part && xlsx_archive_has(x, *part))
        return NULL;
    return fault(FAULT_INVALID, "This file is not a workbook: a table saved as .xlsx or CSV UTF-8 is "
                                "expected.");
}

struct fault *xlsx_book_open(struct arena *a, const char *path, struct slice bytes, struct xlsx_book **out)
{
    static const struct xlsx_handlers on = {.start = workbook_start};
    struct xlsx_book *b = *out = NEW(a, struct xlsx_book, 1);
    struct workbook w = {.arena = a, .book = b};
    const char *part = NULL;
    TRY(xlsx_archive_open(a, path, bytes, &b->archive));
    TRY(find_workbook(a, b->archive, &part));
    TRY(read_relations(a, b->archive, part, &w.relations));
    TRY(xlsx_part_read_whole(a, b->archive, part, &on, &w, &w.reading));
    if (!b->sheet_count)
        return fault(FAULT_INVALID, "This workbook has no sheet with a table.");
    b->formats_part = part_of_type(&w.relations, "styles");
    b->texts_part = part_of_type(&w.relations, "sharedStrings");
    return NULL;
}

/* --- number formats -------------------------------------------------------------------------------- */

struct styles {
    struct arena *arena;
    struct xlsx_book *book;
    struct xlsx_part *reading;
    struct {
        int id;
        struct xlsx_format format;
    } custom[LIMIT_XLSX_FORMATS];
    size_t custom_count, room;
    bool of_cells; /* in cellXfs: the other lists of styles are not those cells name */
};

static int id_of(const char **attributes)
{
    const char *id = xlsx_attribute(attributes, "numFmtId");
    return id ? (int)strtol(id, NULL, 10) : 0;
}

static void take_custom(struct styles *s, const char **attributes)
{
    const char *code = xlsx_attribute(attributes, "formatCode");
    if (s->custom_count == LIMIT_XLSX_FORMATS) {
        xlsx_part_fail(s->reading, fault(FAULT_LIMIT, "This workbook has more formats than can be read."));
        return;
    }
    s->custom[s->custom_count].id = id_of(attributes);
    s->custom[s->custom_count++].format = xlsx_format_of_code(s->arena, code ? code : "");
}

static struct xlsx_format format_of(const struct styles *s, int id)
{
    for (size_t i = 0; i < s->custom_count; i++)
        if (s->custom[i].id == id)
            return s->custom[i].format;
    return xlsx_format_built_in(id);
}

static void styles_start(void *with, const char *name, const char **attributes)
{
    struct styles *s = with;
    if (strcmp(name, "numFmt") == 0)
        take_custom(s, attributes);
    else if (strcmp(name, "cellXfs") == 0)
        s->of_cells = true;
    else if (s->of_cells && strcmp(name, "xf") == 0 && s->book->format_count == LIMIT_XLSX_STYLES)
        xlsx_part_fail(s->reading, fault(FAULT_LIMIT, "This workbook has more formats than can be read."));
    else if (s->of_cells && strcmp(name, "xf") == 0)
        *PUSH(s->arena, s->book->formats, s->book->format_count, s->room) = format_of(s, id_of(attributes));
}

static void styles_end(void *with, const char *name)
{
    struct styles *s = with;
    if (strcmp(name, "cellXfs") == 0)
        s->of_cells = false;
}

/* --- shared texts ---------------------------------------------------------------------------------- */

struct texts {
    struct xlsx_book *book;
    struct xlsx_part *reading;
    struct buffer *text; /* the one being read */
    bool inside, phonetic;
};

static void texts_start(void *with, const char *name, const char **attributes)
{
    struct texts *t = with;
    (void)attributes;
    t->inside = strcmp(name, "t") == 0 && !t->phonetic;
    if (strcmp(name, "rPh") == 0) /* how Japanese is read aloud */
        t->phonetic = true;
    if (strcmp(name, "si") == 0)
        t->text->len = 0;
}

static void texts_text(void *with, const char *text, int length)
{
    struct texts *t = with;
    if (t->inside)
        buffer_add(t->text, text, (size_t)length);
}

static void texts_end(void *with, const char *name)
{
    struct texts *t = with;
    struct xlsx_book *b = t->book;
    t->inside = false;
    if (strcmp(name, "rPh") == 0)
        t->phonetic = false;
    if (strcmp(name, "si") != 0)
        return;
    xlsx_text_add(b->texts, buffer_view(t->text));
    uint32_t end = (uint32_t)b->texts->len;
    buffer_add(b->ends, (const char *)&end, sizeof end);
    b->text_count++;
    if (b->texts->over || b->ends->over || t->text->over)
        xlsx_part_fail(t->reading, fault(FAULT_LIMIT, "This workbook has more text than can be read."));
}

bool xlsx_book_text(const struct xlsx_book *b, uint64_t number, struct slice *text)
{
    const uint32_t *ends = b->ends ? (const uint32_t *)(const void *)b->ends->ptr : NULL;
    if (number >= b->text_count)
        return false;
    uint32_t start = number ? ends[number - 1] : 0;
    *text = (struct slice){b->texts->ptr + start, ends[number] - start};
    return true;
}

/* The character "_x000D_" stands for, -1 when it stands for itself. */
static int escaped(struct slice s)
{
    enum { LENGTH = 7 };
    char digits[5] = "";
    if (s.len < LENGTH || s.ptr[0] != '_' || s.ptr[1] != 'x' || s.ptr[LENGTH - 1] != '_')
        return -1;
    memcpy(digits, s.ptr + 2, 4);
    if (strspn(digits, "0123456789abcdefABCDEF") != 4)
        return -1;
    long code = strtol(digits, NULL, 16);
    return code < ' ' || code == '_' ? (int)code : -1;
}

void xlsx_text_add(struct buffer *b, struct slice s)
{
    enum { LENGTH = 7 };
    while (s.len) {
        const char *mark = memchr(s.ptr, '_', s.len);
        size_t plain = mark ? (size_t)(mark - s.ptr) : s.len;
        buffer_add(b, s.ptr, plain);
        s = slice_from(s, plain);
        int code = escaped(s);
        if (code == '\n' || code == '\t' || code == '_' || (s.len && code < 0))
            buffer_char(b, code < 0 ? *s.ptr : (char)code);
        s = slice_from(s, code < 0 ? (s.len > 0) : LENGTH);
    }
}

static struct fault *load_formats(struct arena *a, struct xlsx_book *b)
{
    static const struct xlsx_handlers on = {.start = styles_start, .end = styles_end};
    struct styles *s = NEW(a, struct styles, 1);
    s->arena = a;
    s->book = b;
    if (!b->formats_part)
        return NULL;
    return xlsx_part_read_whole(a, b->archive, b->formats_part, &on, s, &s->reading);
}

static struct fault *load_texts(struct arena *a, struct xlsx_book *b)
{
    static const struct xlsx_handlers on = {.start = texts_start, .end = texts_end, .text = texts_text};
    struct texts t = {.book = b, .text = buffer_new(a, LIMIT_CSV_FIELD)};
    b->texts = buffer_new(a, LIMIT_XLSX_STRINGS);
    b->ends = buffer_new(a, sizeof(uint32_t) * LIMIT_XLSX_STRING_COUNT);
    buffer_text(b->texts, "");
    if (!b->texts_part)
        return NULL;
    return xlsx_part_read_whole(a, b->archive, b->texts_part, &on, &t, &t.reading);
}

struct fault *xlsx_book_load(struct arena *a, struct xlsx_book *b)
{
    TRY(load_formats(a, b));
    return load_texts(a, b);
}
