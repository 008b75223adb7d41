/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* csv.c - rows out of the sliding window of csv_text.h. A row that does not end inside the window is scanned
 * again once the window has doubled: scanning keeps no state between windows. */
#include "csv/csv.h"

#include <string.h>

#include "arena/arena.h"
#include "csv/csv_text.h"
#include "i18n/i18n.h"
#include "table/header.h"
#include "text/fold.h"

enum { SAMPLE_LINES = 20, SAMPLE_BYTES = 65536 };

enum trouble { FINE, NUL_BYTE, BAD_TEXT, AFTER_QUOTE, TOO_WIDE, TOO_LONG, NEVER_ENDS };

struct cell {
    size_t start, length; /* from the start of the row */
    bool doubled;         /* has doubled quotes */
};

struct csv {
    struct csv_text *text;
    int64_t line;    /* of the first byte of the window */
    bool stops[256]; /* bytes that end a cell without quotes */
    char separator;  /* NUL: a file of one column */
    struct header header;
    struct slice *values;
    struct cell *cells;
    int room; /* cells that a row may have */

    char *at; /* the row being scanned: position, cells and line ends so far, the first trouble */
    int count;
    int64_t lines;
    enum trouble trouble;
    int trouble_cell;
};

enum scan { SCAN_ROW, SCAN_MORE, SCAN_LOST }; /* LOST: where the row ends is not known */

static void note(struct csv *c, enum trouble trouble)
{
    if (c->trouble)
        return;
    c->trouble = trouble;
    c->trouble_cell = c->count;
}

/* True at the NUL behind the window; one that is the file's own is noted. */
static bool window_end(struct csv *c)
{
    if (c->at == c->text->ptr + c->text->end)
        return true;
    note(c, NUL_BYTE);
    return false;
}

static void skip_to_stop(struct csv *c)
{
    for (;; c->at++) {
        while (!c->stops[(unsigned char)*c->at])
            c->at++;
        if (*c->at != '\0' || window_end(c))
            return;
    }
}

/* From the opening quote to behind the closing one. */
static enum scan skip_quoted(struct csv *c, bool *doubled)
{
    const char *open = c->at++;
    for (;; c->at++) {
        while (*c->at != '"' && *c->at != '\0' && *c->at != '\n' && *c->at != '\r')
            c->at++;
        bool ends = *c->at == '\0' && window_end(c);
        if (c->at - open > (ptrdiff_t)LIMIT_CSV_FIELD || (ends && c->text->ended)) {
            note(c, NEVER_ENDS);
            return SCAN_LOST;
        }
        if (ends)
            return SCAN_MORE;
        if (*c->at == '\n' || (*c->at == '\r' && c->at[1] != '\n'))
            c->lines++;
        if (*c->at != '"')
            continue;
        c->at++;
        if (*c->at != '"')
            return SCAN_ROW;
        *doubled = true;
    }
}

static bool blank(char byte)
{
    return byte == ' ' || byte == '\t';
}

static enum scan scan_cell(struct csv *c)
{
    const char *row = c->text->ptr + c->text->start;
    struct cell cell = {0};
    char *start = c->at;
    while (*c->at == ' ')
        c->at++;
    if (*c->at == '"') {
        start = c->at + 1;
        enum scan result = skip_quoted(c, &cell.doubled);
        if (result != SCAN_ROW)
            return result;
        cell.length = (size_t)(c->at - start - 1);
        while (blank(*c->at) && !c->stops[(unsigned char)*c->at])
            c->at++;
        if (!c->stops[(unsigned char)*c->at])
            note(c, AFTER_QUOTE);
        skip_to_stop(c);
    } else {
        skip_to_stop(c);
        cell.length = (size_t)(c->at - start);
    }
    cell.start = (size_t)(start - row);
    if (cell.length > LIMIT_CSV_FIELD)
        note(c, TOO_LONG);
    if (c->count < c->room)
        c->cells[c->count] = cell;
    else if (cell.length)
        note(c, TOO_WIDE);
    c->count++;
    return SCAN_ROW;
}

static enum scan scan_row(struct csv *c)
{
    const struct csv_text *t = c->text;
    c->at = t->ptr + t->start;
    c->count = 0;
    c->lines = 0;
    c->trouble = FINE;
    for (;; c->at++) {
        enum scan result = scan_cell(c);
        if (result != SCAN_ROW)
            return result;
        bool last = c->at + 1 >= t->ptr + t->end && !t->ended; /* "\r" may go on as "\r\n" */
        if (*c->at == '\0' || (*c->at == '\r' && last))
            return t->ended ? SCAN_ROW : SCAN_MORE;
        if (*c->at == '\r' || *c->at == '\n') {
            c->at += *c->at == '\r' && c->at[1] == '\n' ? 2 : 1;
            c->lines++;
            return SCAN_ROW;
        }
    }
}

/* The row at the start of the window, the window slid as far as it takes. */
static struct fault *find_row(struct csv *c, enum scan *result)
{
    while ((*result = scan_row(c)) == SCAN_MORE) {
        if (c->text->end - c->text->start > LIMIT_CSV_ROW) {
            note(c, TOO_LONG);
            *result = SCAN_LOST;
            return NULL;
        }
        TRY(csv_text_more(c->text));
    }
    return NULL;
}

/* Past the end of the physical line at the start of the window: a lost quote must not swallow the rest. */
static struct fault *skip_line(struct csv *c)
{
    struct csv_text *t = c->text;
    for (;;) {
        char *from = t->ptr + t->start, *end = t->ptr + t->end, *p = from;
        while (p < end && *p != '\n' && *p != '\r')
            p++;
        bool split = p < end && *p == '\r' && p + 1 == end && !t->ended;
        t->start = (size_t)(p - t->ptr);
        if (p < end && !split) {
            t->start += *p == '\r' && p[1] == '\n' ? 2 : 1;
            c->line++;
            return NULL;
        }
        if (t->ended)
            return NULL;
        TRY(csv_text_more(t));
    }
}

/* --- values ---------------------------------------------------------------------------------------- */

static size_t undouble(char *text, size_t length)
{
    size_t kept = 0;
    for (size_t i = 0; i < length; i++) {
        text[kept++] = text[i];
        i += text[i] == '"';
    }
    return kept;
}

static bool ascii(struct slice s)
{
    unsigned char all = 0;
    for (size_t i = 0; i < s.len; i++)
        all |= (unsigned char)s.ptr[i];
    return all < 0x80;
}

/* The apostrophe that our own writer puts before what a spreadsheet would run. */
static struct slice unguard(struct slice s)
{
    size_t i = 0;
    while (i < s.len && (s.ptr[i] == '\'' || s.ptr[i] == ' '))
        i++;
    return i < s.len && s.ptr[i] && strchr("=+-@\t\r", s.ptr[i]) ? slice_from(s, 1) : s;
}

static struct slice value_of(const struct csv *c, const struct cell *cell)
{
    char *text = c->text->ptr + c->text->start + cell->start;
    struct slice s = {text, cell->doubled ? undouble(text, cell->length) : cell->length};
    if (s.len && ((unsigned char)s.ptr[0] <= ' ' || (unsigned char)s.ptr[0] >= 0x80 ||
                  (unsigned char)s.ptr[s.len - 1] <= ' ' || (unsigned char)s.ptr[s.len - 1] >= 0x80))
        s = slice_trim(s);
    return s.len && s.ptr[0] == '\'' ? unguard(s) : s;
}

static void read_values(struct csv *c)
{
    for (int i = 0; i < c->room; i++) {
        c->values[i] = i < c->count ? value_of(c, &c->cells[i]) : S("");
        if (!c->trouble && !ascii(c->values[i]) && !utf8_valid(c->values[i])) {
            c->trouble = BAD_TEXT;
            c->trouble_cell = i;
        }
    }
}

static struct fault *raise_trouble(const struct csv *c, int64_t line)
{
    long long at = line;
    int column = c->trouble_cell + 1;
    const char *name = c->trouble_cell < c->header.count ? c->header.names[c->trouble_cell] : tr("header");
    struct fault *f = NULL;
    switch (c->trouble) {
    case FINE:
        return NULL;
    case NUL_BYTE:
        f = fault(FAULT_INVALID, "Line %lld, column %d (%s): a NUL byte stands in the text.", at, column,
                  name);
        break;
    case BAD_TEXT:
        f = fault(FAULT_INVALID,
                  "Line %lld, column %d (%s): a character is not in the encoding of the rest of the file.",
                  at, column, name);
        break;
    case AFTER_QUOTE:
        f = fault(FAULT_INVALID,
                  "Line %lld, column %d (%s): text after a closing quote; a quote inside is written twice.",
                  at, column, name);
        break;
    case TOO_WIDE:
        f = fault(FAULT_INVALID, "Line %lld: value in column %d, but the header has %d columns.", at, column,
                  c->room);
        break;
    case TOO_LONG:
        f = fault(FAULT_LIMIT, "Line %lld, column %d (%s): longer than a cell or a line may be.", at, column,
                  name);
        break;
    case NEVER_ENDS:
        f = fault(FAULT_INVALID, "Line %lld, column %d (%s): a quote opens and never closes.", at, column,
                  name);
        break;
    }
    return fault_in(c->trouble_cell < c->header.count ? name : "", f);
}

static bool empty_row(const struct csv *c)
{
    for (int i = 0; i < c->room && i < c->count; i++)
        if (c->values[i].len)
            return false;
    return true;
}

struct fault *csv_next(struct csv *c, struct slice **cells, int64_t *line, bool *more)
{
    struct csv_text *t = c->text;
    for (;;) {
        *line = c->line;
        *more = false;
        if (t->start == t->end && !t->ended)
            TRY(csv_text_more(t));
        if (t->start == t->end)
            return NULL;
        enum scan result = SCAN_ROW;
        TRY(find_row(c, &result));
        if (result == SCAN_LOST) {
            enum trouble trouble = c->trouble;
            TRY(skip_line(c));
            *more = true;
            c->trouble = trouble;
            return raise_trouble(c, *line);
        }
        *more = true;
        read_values(c);
        c->line += c->lines;
        t->start = (size_t)(c->at - t->ptr);
        TRY(raise_trouble(c, *line));
        *cells = c->values;
        if (!empty_row(c))
            return NULL;
    }
}

/* --- header ---------------------------------------------------------------------------------------- */

/* How often `separator` stands outside quotes in the line at *p, which moves behind the line. */
static int count_in_line(const char **p, const char *end, char separator)
{
    int count = 0;
    bool quoted = false;
    for (; *p < end && (quoted || (**p != '\n' && **p != '\r')); ++*p) {
        quoted ^= **p == '"';
        count += !quoted && **p == separator;
    }
    while (*p < end && (**p == '\n' || **p == '\r'))
        ++*p;
    return count;
}

/* The candidate that cuts the header most and the first lines alike; NUL when none stands in the header. */
static char guess_separator(const struct csv_text *t)
{
    static const char candidates[] = ";,\t|";
    const char *start = t->ptr + t->start;
    size_t sample = t->end - t->start < SAMPLE_BYTES ? t->end - t->start : SAMPLE_BYTES;
    char best = '\0';
    int best_score = 0;
    for (const char *s = candidates; *s; s++) {
        const char *p = start, *end = start + sample;
        int header = count_in_line(&p, end, *s), alike = 1;
        for (int i = 0; i < SAMPLE_LINES && p < end; i++)
            alike += count_in_line(&p, end, *s) == header;
        if (header * alike > best_score) {
            best_score = header * alike;
            best = *s;
        }
    }
    return best;
}

/* Excel's own first line "sep=;" says the separator. */
static struct fault *find_separator(struct csv *c)
{
    const struct csv_text *t = c->text;
    const char *p = t->ptr + t->start;
    if (t->end - t->start > 5 && strncasecmp(p, "sep=", 4) == 0 && (p[5] == '\r' || p[5] == '\n')) {
        c->separator = p[4];
        return skip_line(c);
    }
    c->separator = guess_separator(t);
    return NULL;
}

static struct fault *read_header(struct csv *c, struct arena *a)
{
    struct slice *cells;
    bool more = false;
    int64_t line;
    c->room = LIMIT_CSV_COLUMNS;
    c->cells = NEW(a, struct cell, c->room);
    c->values = NEW(a, struct slice, c->room);
    TRY(csv_next(c, &cells, &line, &more));
    if (!more)
        return fault(FAULT_INVALID, "The file is empty.");
    int columns = c->count < c->room ? c->count : c->room;
    while (columns > 0 && c->values[columns - 1].len == 0)
        columns--;
    for (int i = 0; i < columns; i++)
        if (!c->values[i].len)
            c->values[i] = slice_of(arena_print(a, tr("Column %d"), i + 1));
    header_set(&c->header, a, c->values, columns);
    c->room = columns;
    return NULL;
}

static struct fault *begin(struct csv *c, struct arena *a)
{
    c->line = 1;
    TRY(find_separator(c));
    c->stops['\0'] = c->stops['\n'] = c->stops['\r'] = c->stops[(unsigned char)c->separator] = true;
    return read_header(c, a);
}

struct fault *csv_open(struct arena *a, const char *path, struct csv **out)
{
    struct csv *c = *out = NEW(a, struct csv, 1);
    TRY(csv_text_open(a, path, &c->text));
    return begin(c, a);
}

struct fault *csv_open_bytes(struct arena *a, struct slice bytes, struct csv **out)
{
    struct csv *c = *out = NEW(a, struct csv, 1);
    TRY(csv_text_open_bytes(a, bytes, &c->text));
    return begin(c, a);
}

const struct header *csv_header(const struct csv *c)
{
    return &c->header;
}

int64_t csv_bytes_read(const struct csv *c)
{
    return c->text->read;
}

int64_t csv_bytes_total(const struct csv *c)
{
    return c->text->total;
}

char csv_separator(const struct csv *c)
{
    return c->separator;
}

const char *csv_encoding(const struct csv *c)
{
    static const char *const names[] = {[CSV_ASCII_SO_FAR] = "UTF-8",
                                        [CSV_UTF8] = "UTF-8",
                                        [CSV_WINDOWS_1252] = "Windows-1252",
                                        [CSV_UTF16_LE] = "UTF-16",
                                        [CSV_UTF16_BE] = "UTF-16"};
    return names[c->text->encoding];
}
