/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "naf/naf.h"

#include <string.h>

#include "naf_data.h"

static const struct naf_table {
    const struct naf_row *rows;
    size_t count;
} tables[] = {
    [NAF_REV_2] = {naf_2_rows, NAF_2_ROWS_COUNT}, [NAF_2025] = {naf_2025_rows, NAF_2025_ROWS_COUNT}};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* Letters and digits of what was typed, upper case; false when there are more than five or anything else. */
static bool bare_code(struct slice typed, char bare[6])
{
    size_t count = 0;
    typed = slice_trim(typed);
    for (size_t i = 0; i < typed.len; i++) {
        char c = typed.ptr[i];
        if (c == ' ' || c == '.')
            continue;
        c = (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
        if (count == 5 || !(is_digit(c) || is_letter(c)))
            return false;
        bare[count++] = c;
    }
    bare[count] = '\0';
    return count > 0;
}

/* Writes the code as INSEE does; its level, or 0 when letters and digits are not where they should be. */
static int spell(const char *bare, char code[7])
{
    size_t length = strlen(bare), digits = strspn(bare, "0123456789");
    if (length == 1 && is_letter(bare[0])) {
        memcpy(code, bare, 2);
        return NAF_SECTION;
    }
    if (digits < 2 || length - digits > 1 || (length > digits && digits != 4) || digits > 4)
        return 0;
    size_t at = 0;
    for (size_t i = 0; i < length; i++) {
        if (i == 2)
            code[at++] = '.';
        code[at++] = bare[i];
    }
    code[at] = '\0';
    return (int)length;
}

static const struct naf_row *find_row(enum naf_version version, const char *code)
{
    const struct naf_table *table = &tables[version];
    size_t low = 0, high = table->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(naf_texts + table->rows[middle].code, code);
        if (order == 0)
            return &table->rows[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* The letter of the section a code falls in, '\0' when its division does not exist. */
static char section_of(enum naf_version version, const char *code)
{
    if (is_letter(code[0]))
        return code[0];
    char division[3] = {code[0], code[1], '\0'};
    const struct naf_row *row = find_row(version, division);
    if (!row)
        return '\0';
    return naf_texts[row->parent];
}

/* Whether a version is listed down to its subclasses, so that a code it does not list does not exist. */
static bool is_complete(enum naf_version version)
{
    const struct naf_table *table = &tables[version];
    for (size_t i = 0; i < table->count; i++)
        if (table->rows[i].level == NAF_SUBCLASS)
            return true;
    return false;
}

static void copy_code(char to[7], const char *from)
{
    size_t length = strlen(from);
    memcpy(to, from, length < 7 ? length + 1 : 7);
    to[6] = '\0';
}

/* One level up of a code that is not listed: what is left of it. */
static void parent_of(const char *code, enum naf_level level, char section, char parent[7])
{
    static const size_t keep[] = {[NAF_GROUP] = 2, [NAF_CLASS] = 4, [NAF_SUBCLASS] = 5};
    copy_code(parent, "");
    if (level == NAF_DIVISION)
        parent[0] = section;
    else if (level > NAF_DIVISION)
        memcpy(parent, code, keep[level]);
    parent[level > NAF_DIVISION ? keep[level] : level == NAF_DIVISION] = '\0';
}

static struct naf listed(enum naf_version version, const struct naf_row *row)
{
    struct naf found = {.version = version, .level = (enum naf_level)row->level};
    copy_code(found.code, naf_texts + row->code);
    copy_code(found.parent, naf_texts + row->parent);
    found.section = section_of(version, found.code);
    found.label = naf_texts[row->label] ? naf_texts + row->label : NULL;
    return found;
}

bool naf_find(struct slice typed, enum naf_version version, struct naf *out)
{
    char bare[6] = "", code[7];
    if (!bare_code(typed, bare))
        return false;
    int level = spell(bare, code);
    if (!level)
        return false;
    const struct naf_row *row = find_row(version, code);
    if (row) {
        *out = listed(version, row);
        return true;
    }
    char section = section_of(version, code);
    if (!section || level == NAF_SECTION || is_complete(version))
        return false;
    *out = (struct naf){.version = version, .level = (enum naf_level)level, .section = section};
    copy_code(out->code, code);
    parent_of(code, out->level, section, out->parent);
    return true;
}

bool naf_parent(const struct naf *entry, struct naf *out)
{
    return entry->parent[0] && naf_find(slice_of(entry->parent), entry->version, out);
}

const char *naf_label(struct slice typed, enum naf_version version)
{
    struct naf entry;
    bool found = naf_find(typed, version, &entry);
    while (found && !entry.label)
        found = naf_parent(&entry, &entry);
    return found ? entry.label : NULL;
}

size_t naf_count(enum naf_version version)
{
    return tables[version].count;
}

struct naf naf_at(enum naf_version version, size_t number)
{
    return listed(version, &tables[version].rows[number]);
}
