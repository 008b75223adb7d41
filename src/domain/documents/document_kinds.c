/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "documents/document_kinds.h"

#include <string.h>
#include <strings.h>

static bool begins(struct slice bytes, size_t at, const char *with)
{
    size_t length = strlen(with);
    return bytes.len >= at + length && memcmp(bytes.ptr + at, with, length) == 0;
}

static bool has(struct slice bytes, const char *word)
{
    return bytes.ptr && memmem(bytes.ptr, bytes.len, word, strlen(word)) != NULL;
}

static bool is_pdf(struct slice b)
{
    return begins(b, 0, "%PDF-");
}

static bool is_png(struct slice b)
{
    return begins(b, 0, "\x89PNG\r\n\x1a\n");
}

static bool is_jpeg(struct slice b)
{
    return begins(b, 0, "\xff\xd8\xff");
}

static bool is_step(struct slice b)
{
    return begins(b, 0, "ISO-10303-21;");
}

/* Names of parts stand uncompressed in an archive. */
static bool is_office(struct slice b, const char *part)
{
    return begins(b, 0, "PK\x03\x04") && has(b, "[Content_Types].xml") && has(b, part) &&
           !has(b, "vbaProject.bin");
}

static bool is_docx(struct slice b)
{
    return is_office(b, "word/document.xml");
}

static bool is_xlsx(struct slice b)
{
    return is_office(b, "xl/workbook.xml");
}

static bool is_pptx(struct slice b)
{
    return is_office(b, "ppt/presentation.xml");
}

/* The first part of the archive says what it is, uncompressed. */
static bool is_odf(struct slice b, const char *type)
{
    return begins(b, 0, "PK\x03\x04") && begins(b, 30, "mimetype") && begins(b, 38, type) && !has(b, "Basic/");
}

static bool is_odt(struct slice b)
{
    return is_odf(b, "application/vnd.oasis.opendocument.text");
}

static bool is_ods(struct slice b)
{
    return is_odf(b, "application/vnd.oasis.opendocument.spreadsheet");
}

/* No byte that a text has not; what it is written in does not matter. */
static bool is_text(struct slice b)
{
    for (size_t i = 0; i < b.len; i++)
        if ((unsigned char)b.ptr[i] < ' ' && !strchr("\t\n\f\r", b.ptr[i]))
            return false;
    return !memchr(b.ptr, '\0', b.len);
}

static bool is_dxf(struct slice b)
{
    return is_text(b) && has(b, "SECTION") && has(b, "EOF");
}

const struct document_kind document_kinds[] = {
    {"pdf", "application/pdf", is_pdf},
    {"png", "image/png", is_png},
    {"jpg", "image/jpeg", is_jpeg},
    {"jpeg", "image/jpeg", is_jpeg},
    {"step", "model/step", is_step},
    {"stp", "model/step", is_step},
    {"dxf", "image/vnd.dxf", is_dxf},
    {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", is_docx},
    {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", is_xlsx},
    {"pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation", is_pptx},
    {"odt", "application/vnd.oasis.opendocument.text", is_odt},
    {"ods", "application/vnd.oasis.opendocument.spreadsheet", is_ods},
    {"csv", "text/csv", is_text},
    {"txt", "text/plain", is_text},
};
const size_t document_kind_count = COUNT(document_kinds);

struct fault *document_kind_of(const char *file_name, struct slice bytes, const struct document_kind **kind)
{
    const char *point = strrchr(file_name, '.');
    *kind = NULL;
    for (size_t i = 0; point && i < document_kind_count; i++)
        if (strcasecmp(point + 1, document_kinds[i].ending) == 0)
            *kind = &document_kinds[i];
    if (!*kind)
        return fault_in("file", fault(FAULT_INVALID, "Files of this kind are not taken: PDF, images, STEP, DXF, "
                                                     "office documents without macros, CSV and text are."));
    if (bytes.len && (*kind)->holds(bytes))
        return NULL;
    return fault_in("file", fault(FAULT_INVALID, "This file is not what its name says: .%s.", (*kind)->ending));
}
