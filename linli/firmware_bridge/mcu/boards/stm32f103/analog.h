/* Temperature and ambient light through the chip's converter. */
#ifndef LINLI_ANALOG_H
#define LINLI_ANALOG_H

void analog_start(void);

#endif
