/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "db/errors.h"

#include <string.h>

#include "i18n/i18n.h"
#include "records/records.h"

static const char *label_of(const struct error *e)
{
    const struct record_type *type = record_type_find(e->table);
    const struct field *f = type ? field_find(type, e->column) : NULL;
    return f ? tr(f->label) : e->column;
}

static struct fault *reference_fault(const struct error *e)
{
    const struct record_type *type = record_type_find(e->table);
    if (!type || !field_find(type, e->column))
        return fault(FAULT_INVALID, "This refers to a record that does not exist.");
    return fault_in(e->column, fault(FAULT_INVALID, "%s: there is no such record.", label_of(e)));
}

struct fault *error_fault(const struct error *e)
{
    switch (e->class) {
    case ERROR_UNIQUE:
        return fault_in(e->column,
                        fault(FAULT_CONFLICT, "%s: another record has this value already.", label_of(e)));
    case ERROR_REFERENCE:
        return reference_fault(e);
    case ERROR_CHECK:
        if (*e->column)
            return fault_in(e->column, fault(FAULT_INVALID, "%s: this is needed.", label_of(e)));
        return fault(FAULT_BUG, "The database refused a value: %s", e->message);
    case ERROR_BUSY:
        return fault(FAULT_IO, "Somebody else is writing in this space; please try again.");
    case ERROR_LOST:
        return fault(FAULT_IO, "The database does not answer: %s", e->message);
    case ERROR_FULL:
        return fault(FAULT_FULL, "The disk is full: nothing was changed.");
    case ERROR_NONE:
        return fault(FAULT_NOT_FOUND, "There is no such database: %s", e->message);
    case ERROR_OK:
    case ERROR_BUG:
        break;
    }
    return fault(FAULT_BUG, "The database did not understand: %s", e->message);
}
