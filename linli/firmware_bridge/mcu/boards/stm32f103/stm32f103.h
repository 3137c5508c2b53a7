/* The registers that are used (ST, RM0008 "STM32F10xxx reference manual"). */
#ifndef LINLI_STM32F103_H
#define LINLI_STM32F103_H

#include "cortex_m.h"

/* Reset and clock control, 7.3 */
#define RCC_CONTROL REGISTER(0x40021000)
#define RCC_CONFIG REGISTER(0x40021004)
#define RCC_AHB REGISTER(0x40021014)
#define RCC_APB2 REGISTER(0x40021018)
#define RCC_APB1 REGISTER(0x4002101C)
#define RCC_STATUS REGISTER(0x40021024)
#define PLL_ON (1u << 24)
#define PLL_READY (1u << 25)
#define CONFIG_PLL_16 (14u << 18) /* the internal 8 MHz, halved, times 16: 64 MHz */
#define CONFIG_APB1_HALF (4u << 8)
#define CONFIG_ADC_SIXTH (2u << 14)
#define CONFIG_USE_PLL 2u
#define CONFIG_USES_PLL 8u
#define AHB_DMA1 1u
#define APB2_PINS 0x1Du /* alternate functions, ports A to C */
#define APB2_ADC1 (1u << 9)
#define APB1_USART2 (1u << 17)
#define STATUS_CLEAR (1u << 24)
#define STATUS_SOFTWARE (1u << 28)
#define STATUS_WATCHDOGS (3u << 29)

/* Ports, 9.2 */
#define PORT_A 0x40010800u
#define PORT_B 0x40010C00u
#define PORT_C 0x40011000u
#define PORT_LOW(port) REGISTER((port) + 0x00)
#define PORT_HIGH(port) REGISTER((port) + 0x04)
#define PORT_IN(port) REGISTER((port) + 0x08)
#define PORT_OUT(port) REGISTER((port) + 0x0C)
#define PORT_SET(port) REGISTER((port) + 0x10) /* upper half: clears */
#define PIN_ANALOG 0x0u
#define PIN_OUTPUT 0x2u /* push-pull, slow edges */
#define PIN_FLOATS 0x4u
#define PIN_PULLED 0x8u /* up or down, as PORT_OUT says */
#define PIN_FUNCTION 0xAu /* push-pull, slow edges */

/* USART 27.6, DMA 13.4 */
#define USART2_STATUS REGISTER(0x40004400)
#define USART2_DATA REGISTER(0x40004404)
#define USART2_DIVIDER REGISTER(0x40004408)
#define USART2_CONTROL_1 REGISTER(0x4000440C)
#define USART2_CONTROL_3 REGISTER(0x40004414)
#define USART2_DATA_ADDRESS 0x40004404u
#define USART_TX_EMPTY (1u << 7)
#define USART_SENT (1u << 6)
#define USART_ON 0x200Cu /* both ways */
#define USART_DMA_RECEIVES (1u << 6)
#define DMA1_6_CONTROL REGISTER(0x4002006C)
#define DMA1_6_COUNT REGISTER(0x40020070)
#define DMA1_6_FROM REGISTER(0x40020074)
#define DMA1_6_TO REGISTER(0x40020078)
#define DMA_ROUND_AND_ROUND 0xA1u /* circular, memory goes on, enabled; bytes */

/* Flash, 3.3 and PM0075 */
#define FLASH_LATENCY REGISTER(0x40022000)
#define FLASH_KEY REGISTER(0x40022004)
#define FLASH_STATUS REGISTER(0x4002200C)
#define FLASH_CONTROL REGISTER(0x40022010)
#define FLASH_ADDRESS REGISTER(0x40022014)
#define LATENCY_64_MHZ 0x12u /* two wait states, with prefetch */
#define FLASH_KEY_1 0x45670123u
#define FLASH_KEY_2 0xCDEF89ABu
#define FLASH_BUSY 1u
#define FLASH_FAILED 0x14u
#define FLASH_DONE 0x20u
#define FLASH_PROGRAM 1u
#define FLASH_ERASE 2u
#define FLASH_START 0x40u
#define FLASH_LOCK 0x80u

/* Independent watchdog, 19.4 */
#define IWDG_KEY REGISTER(0x40003000)
#define IWDG_PRESCALER REGISTER(0x40003004)
#define IWDG_RELOAD REGISTER(0x40003008)
#define IWDG_START 0xCCCCu
#define IWDG_KICK 0xAAAAu
#define IWDG_UNLOCK 0x5555u

/* Analog to digital, 11.12 */
#define ADC1_STATUS REGISTER(0x40012400)
#define ADC1_CONTROL_2 REGISTER(0x40012408)
#define ADC1_TIMES_HIGH REGISTER(0x4001240C)
#define ADC1_TIMES_LOW REGISTER(0x40012410)
#define ADC1_SEQUENCE_3 REGISTER(0x40012434)
#define ADC1_DATA REGISTER(0x4001244C)
#define ADC_ON 1u
#define ADC_CALIBRATE 4u
#define ADC_TEMPERATURE_ON (1u << 23)
#define ADC_SOFTWARE_STARTS ((7u << 17) | (1u << 20))
#define ADC_START (1u << 22)
#define ADC_DONE 2u

#endif
