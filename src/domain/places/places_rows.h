/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* places_rows.h - the arrays that tools/embed_places.py links into the program.
 *
 * Texts are offsets into place_texts; places are positions in place_rows, which is sorted by code. */
#ifndef GRAPPE_PLACES_ROWS_H
#define GRAPPE_PLACES_ROWS_H

#include <stdint.h>

#define PLACE_NONE16 UINT16_MAX
#define PLACE_UNKNOWN_POPULATION UINT32_MAX
#define PLACE_UNKNOWN_DEGREES INT32_MIN

struct place_row {
    uint32_t code, name, postcodes; /* postcodes parted by '|' */
    uint32_t population;
    int32_t lat_e5, lon_e5; /* degrees times 100,000 */
    uint16_t department, epci;
    uint8_t origin; /* 0: a point of its own; 1 postcode's mean, 2 EPCI's mean, 3 the city's */
    uint8_t unused;
    uint16_t country; /* two letters, the first in the high byte */
};

enum place_name_kind { PLACE_NAME_OFFICIAL, PLACE_NAME_SHORTENED, PLACE_NAME_FORMER };

struct place_name { /* sorted by folded name, kind, population from the largest */
    uint32_t folded, place, kind;
};

struct place_postcode { /* sorted by postcode, population from the largest */
    uint32_t postcode, place;
};

struct place_former { /* sorted by code */
    uint32_t code, place, name;
};

struct epci_row { /* sorted by code; its members are a run of epci_members, largest first */
    uint32_t code, name, first, count;
};

struct epci_name { /* sorted by folded name */
    uint32_t folded, epci;
};

struct department_row { /* sorted by code; Swiss cantons are CH-NE and so on */
    uint32_t code, name, region;
};

#endif
