;; The ring's checksum (see checksum.ts) of bytes in another module's memory. A state is 64 bytes:
;; eight sums, then eight mixes, each an i32.
(module
  (import "ring" "memory" (memory 1))
  ;; Adds the bytes [$at, $end), whole rows of 32, to the state.
  (func (export "take") (param $state i32) (param $at i32) (param $end i32)
    (local $turn v128) (local $sum0 v128) (local $sum1 v128) (local $mix0 v128) (local $mix1 v128)
    ;; rotates each i32 left by one byte
    (local.set $turn (v128.const i8x16 3 0 1 2 7 4 5 6 11 8 9 10 15 12 13 14))
    (local.set $sum0 (v128.load (local.get $state)))
    (local.set $sum1 (v128.load offset=16 (local.get $state)))
    (local.set $mix0 (v128.load offset=32 (local.get $state)))
    (local.set $mix1 (v128.load offset=48 (local.get $state)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $sum0 (i32x4.add (local.get $sum0) (v128.load (local.get $at))))
        (local.set $mix0
          (i8x16.swizzle (i32x4.add (local.get $mix0) (local.get $sum0)) (local.get $turn)))
        (local.set $sum1 (i32x4.add (local.get $sum1) (v128.load offset=16 (local.get $at))))
        (local.set $mix1
          (i8x16.swizzle (i32x4.add (local.get $mix1) (local.get $sum1)) (local.get $turn)))
        (local.set $at (i32.add (local.get $at) (i32.const 32)))
        (br $next)))
    (v128.store (local.get $state) (local.get $sum0))
    (v128.store offset=16 (local.get $state) (local.get $sum1))
    (v128.store offset=32 (local.get $state) (local.get $mix0))
    (v128.store offset=48 (local.get $state) (local.get $mix1))))
