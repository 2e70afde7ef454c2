/**
 * The program: {@link Main} runs a command of {@code cli}, which starts a mode of {@code app} over
 * the stages in {@code pipeline}.
 */
package dev.caravan;
