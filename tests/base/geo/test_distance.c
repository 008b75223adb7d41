/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "test.h"

#include <math.h>

#include "geo/distance.h"
#include "number/checked.h"

static const struct geo_point besancon = {47.24878, 6.01815}, morteau = {47.05784, 6.60716};

/* The degree of a great circle is pi R / 180; the quarter is pi R / 2. */
static void distances_of_known_arcs(void **state)
{
    (void)state;
    double degree = 3.14159265358979323846 * EARTH_RADIUS_KM / 180;
    struct geo_point origin = {0, 0};
    assert_true(fabs(distance_km(origin, (struct geo_point){0, 1}) - degree) < 1e-9);
    assert_true(fabs(distance_km(origin, (struct geo_point){1, 0}) - degree) < 1e-9);
    assert_true(fabs(distance_km(origin, (struct geo_point){90, 0}) - 90 * degree) < 1e-6);
    assert_true(fabs(distance_km(origin, (struct geo_point){0, 180}) - 180 * degree) < 1e-3);
    assert_true(fabs(distance_km((struct geo_point){60, 0}, (struct geo_point){60, 180}) - 60 * degree) <
                1e-6);
}

static void distance_is_a_metric(void **state)
{
    (void)state;
    struct geo_point maiche = {47.2516, 6.80309};
    assert_true(distance_km(besancon, besancon) == 0);
    assert_true(distance_km(besancon, morteau) == distance_km(morteau, besancon));
    assert_true(distance_km(besancon, maiche) <=
                distance_km(besancon, morteau) + distance_km(morteau, maiche));
    double d = distance_km(besancon, morteau); /* 49.4 km on the ellipsoid as well */
    assert_true(d > 48.5 && d < 50.5);
}

static void longitudes_wrap_and_unknown_stays_unknown(void **state)
{
    (void)state;
    assert_true(fabs(distance_km((struct geo_point){10, 179}, (struct geo_point){10, -181})) < 1e-9);
    assert_true(isnan(distance_km(besancon, (struct geo_point){UNKNOWN_REAL, 6})));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distances_of_known_arcs),
        cmocka_unit_test(distance_is_a_metric),
        cmocka_unit_test(longitudes_wrap_and_unknown_stays_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
