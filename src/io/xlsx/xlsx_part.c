/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "xlsx/xlsx_part.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "xlsx/xlsx_archive.h"

enum { PIECE = 64 * 1024 };

struct xlsx_part {
    const char *name;
    struct xlsx_entry *entry;
    XML_Parser parser;
    const struct xlsx_handlers *on;
    void *with;
    size_t silent; /* bytes since anything was understood: the length of an unfinished tag */
    int depth;
    bool ended, paused, failed;
    struct fault why;
};

static const char *local(const char *name)
{
    const char *colon = strchr(name, ':');
    return colon ? colon + 1 : name;
}

const char *xlsx_attribute(const char **attributes, const char *name)
{
    for (size_t i = 0; attributes[i]; i += 2)
        if (strcmp(local(attributes[i]), name) == 0)
            return attributes[i + 1];
    return NULL;
}

/* --- what the parser tells ------------------------------------------------------------------------- */

static void XMLCALL on_start(void *part, const char *name, const char **attributes)
{
    struct xlsx_part *p = part;
    p->silent = 0;
    if (++p->depth > LIMIT_XLSX_DEPTH)
        xlsx_part_fail(p, xlsx_damaged(p->name));
    else if (p->on->start)
        p->on->start(p->with, local(name), attributes);
}

static void XMLCALL on_end(void *part, const char *name)
{
    struct xlsx_part *p = part;
    p->silent = 0;
    p->depth--;
    if (p->on->end)
        p->on->end(p->with, local(name));
}

static void XMLCALL on_text(void *part, const char *text, int length)
{
    struct xlsx_part *p = part;
    p->silent = 0;
    if (p->on->text)
        p->on->text(p->with, text, length);
}

/* Comments and the like. That it is set also keeps entities from being expanded. */
static void XMLCALL on_other(void *part, const char *text, int length)
{
    struct xlsx_part *p = part;
    (void)text, (void)length;
    p->silent = 0;
}

/* No spreadsheet writes one; whoever does wants entities to grow or files to be read. */
static void XMLCALL on_document_type(void *part, const char *name, const char *system, const char *public,
                                     int internal)
{
    struct xlsx_part *p = part;
    (void)name, (void)system, (void)public, (void)internal;
    xlsx_part_fail(p, fault(FAULT_INVALID,
                            "This workbook is refused: %.80s declares a document type, which "
                            "no spreadsheet writes.",
                            p->name));
}

void xlsx_part_pause(struct xlsx_part *p)
{
    p->paused = true;
    (void)XML_StopParser(p->parser, XML_TRUE);
}

void xlsx_part_fail(struct xlsx_part *p, struct fault *why)
{
    if (!p->failed)
        p->why = *why;
    p->failed = true;
    (void)XML_StopParser(p->parser, XML_FALSE);
}

/* --- reading --------------------------------------------------------------------------------------- */

static void close_part(void *thing)
{
    struct xlsx_part *p = thing;
    XML_ParserFree(p->parser);
}

struct fault *xlsx_part_open(struct arena *a, const struct xlsx_archive *x, const char *name,
                             const struct xlsx_handlers *on, void *with, struct xlsx_part **out)
{
    struct xlsx_part *p = *out = NEW(a, struct xlsx_part, 1);
    *p = (struct xlsx_part){.name = name, .on = on, .with = with};
    TRY(xlsx_entry_open(a, x, name, &p->entry));
    p->parser = XML_ParserCreate(NULL);
    if (!p->parser)
        abort();
    arena_defer(a, close_part, p);
    XML_SetUserData(p->parser, p);
    XML_SetElementHandler(p->parser, on_start, on_end);
    XML_SetCharacterDataHandler(p->parser, on_text);
    XML_SetDefaultHandler(p->parser, on_other);
    XML_SetStartDoctypeDeclHandler(p->parser, on_document_type);
    return NULL;
}

static struct fault *feed(struct xlsx_part *p, enum XML_Status *status)
{
    char *piece = XML_GetBuffer(p->parser, PIECE);
    size_t got = 0;
    if (!piece)
        abort();
    TRY(xlsx_entry_read(p->entry, piece, PIECE, &got));
    p->ended = got == 0;
    p->silent += got;
    *status = XML_ParseBuffer(p->parser, (int)got, p->ended);
    if (p->silent > LIMIT_XLSX_TOKEN)
        return fault(FAULT_LIMIT, "This workbook is refused: a tag of %.80s does not end.", p->name);
    return NULL;
}

struct fault *xlsx_part_read(struct xlsx_part *p, bool *more)
{
    enum XML_Status status = XML_STATUS_OK;
    bool resume = p->paused;
    *more = false;
    p->paused = false;
    if (p->failed)
        return fault_again(&p->why);
    if (resume)
        status = XML_ResumeParser(p->parser);
    while (status == XML_STATUS_OK && !p->ended)
        TRY(feed(p, &status));
    if (p->failed)
        return fault_again(&p->why);
    if (status == XML_STATUS_ERROR) {
        xlsx_part_fail(p, xlsx_damaged(p->name));
        return fault_again(&p->why);
    }
    *more = status == XML_STATUS_SUSPENDED;
    return NULL;
}

struct fault *xlsx_part_read_whole(struct arena *a, const struct xlsx_archive *x, const char *name,
                                   const struct xlsx_handlers *on, void *with, struct xlsx_part **part)
{
    bool more = false;
    TRY(xlsx_part_open(a, x, name, on, with, part));
    return xlsx_part_read(*part, &more);
}

int64_t xlsx_part_bytes_read(const struct xlsx_part *p)
{
    return xlsx_entry_read_so_far(p->entry);
}

int64_t xlsx_part_bytes_total(const struct xlsx_part *p)
{
    return xlsx_entry_size(p->entry);
}
