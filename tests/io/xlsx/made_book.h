/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* made_book.h - archives and workbooks made by hand, byte by byte: also those no honest program writes. */
#ifndef GRAPPE_MADE_BOOK_H
#define GRAPPE_MADE_BOOK_H

#include <string.h>

#include "arena/arena.h"
#include "text/buffer.h"

struct made_part {
    const char *name;
    struct slice content;
    uint32_t claimed;   /* unpacked size it says it has; 0: the true one */
    bool locked, wrong; /* says it is encrypted; has another checksum */
};

static inline uint32_t made_checksum(struct slice s)
{
    uint32_t sum = 0xFFFFFFFFU;
    for (size_t i = 0; i < s.len; i++) {
        sum ^= (unsigned char)s.ptr[i];
        for (int bit = 0; bit < 8; bit++)
            sum = sum >> 1 ^ (sum & 1 ? 0xEDB88320U : 0);
    }
    return ~sum;
}

static inline void made_number(struct buffer *b, uint32_t value, int bytes)
{
    for (int i = 0; i < bytes; i++, value >>= 8)
        buffer_char(b, (char)(value & 0xFF));
}

/* What the two headers of a part have in common; stored, not compressed. */
static inline void made_facts(struct buffer *b, const struct made_part *p)
{
    made_number(b, 20, 2);
    made_number(b, p->locked ? 1 : 0, 2);
    made_number(b, 0, 2);
    made_number(b, 0x58210000, 4);
    made_number(b, made_checksum(p->content) + p->wrong, 4);
    made_number(b, (uint32_t)p->content.len, 4);
    made_number(b, p->claimed ? p->claimed : (uint32_t)p->content.len, 4);
    made_number(b, (uint32_t)strlen(p->name), 2);
    made_number(b, 0, 2);
}

static inline struct slice made_archive(struct arena *a, const struct made_part *parts, size_t count)
{
    struct buffer *b = buffer_new(a, 64 * MIB), *directory = buffer_new(a, 64 * MIB);
    for (size_t i = 0; i < count; i++) {
        buffer_text(directory, "PK\001\002");
        made_number(directory, 20, 2);
        made_facts(directory, &parts[i]);
        made_number(directory, 0, 10);
        made_number(directory, (uint32_t)b->len, 4);
        buffer_text(directory, parts[i].name);
        buffer_text(b, "PK\003\004");
        made_facts(b, &parts[i]);
        buffer_text(b, parts[i].name);
        buffer_slice(b, parts[i].content);
    }
    uint32_t start = (uint32_t)b->len;
    buffer_slice(b, buffer_view(directory));
    buffer_text(b, "PK\005\006");
    made_number(b, 0, 4);
    made_number(b, (uint32_t)count, 2);
    made_number(b, (uint32_t)count, 2);
    made_number(b, (uint32_t)directory->len, 4);
    made_number(b, start, 4);
    made_number(b, 0, 2);
    return buffer_view(b);
}

enum { MADE_PARTS = 7 };

/* The parts of a workbook of one sheet; NULL or "" for what it does not have. */
struct made_book {
    const char *properties; /* in <workbook>, before the sheets */
    const char *rows;       /* in <sheetData> */
    const char *after;      /* behind it */
    const char *formats;    /* numFmts and cellXfs */
    const char *texts;      /* in <sst> */
};

static inline const char *made_text(const char *text)
{
    return text ? text : "";
}

static inline struct slice made_xml(struct arena *a, const char *before, const char *inside,
                                    const char *after)
{
    return slice_of(arena_print(a, "<?xml version=\"1.0\"?>%s%s%s", before, made_text(inside), after));
}

#define MADE_RELATION(id, type, target)                                                                      \
    "<Relationship Id=\"" id "\" Type=\"http://x/" type "\" Target=\"" target "\"/>"

static inline size_t made_parts(struct arena *a, const struct made_book *book,
                                struct made_part parts[MADE_PARTS])
{
    static const char package[] =
        "<Relationships>" MADE_RELATION("r1", "officeDocument", "xl/workbook.xml") "</Relationships>";
    static const char relations[] =
        "<Relationships>" MADE_RELATION("r1", "worksheet", "worksheets/sheet1.xml")
            MADE_RELATION("r2", "styles", "styles.xml")
                MADE_RELATION("r3", "sharedStrings", "/xl/texts.xml") "</Relationships>";
    const struct made_part made[MADE_PARTS] = {
        {.name = "_rels/.rels", .content = slice_of(package)},
        {.name = "xl/_rels/workbook.xml.rels", .content = slice_of(relations)},
        {.name = "xl/workbook.xml",
         .content =
             made_xml(a, "<workbook>", book->properties,
                      "<sheets><sheet name=\"Firms\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>")},
        {.name = "xl/worksheets/sheet1.xml",
         .content = made_xml(a, "<worksheet><sheetData>", book->rows,
                             arena_print(a, "</sheetData>%s</worksheet>", made_text(book->after)))},
        {.name = "xl/styles.xml", .content = made_xml(a, "<styleSheet>", book->formats, "</styleSheet>")},
        {.name = "xl/texts.xml", .content = made_xml(a, "<sst>", book->texts, "</sst>")},
    };
    memcpy(parts, made, sizeof made);
    return MADE_PARTS - 1;
}

static inline struct slice made_workbook(struct arena *a, struct made_book book)
{
    struct made_part parts[MADE_PARTS];
    return made_archive(a, parts, made_parts(a, &book, parts));
}

#endif
